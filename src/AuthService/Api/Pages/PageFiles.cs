using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthService.Api.Http.Browser;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Pages;

/// <summary>
/// The files of the pages, which are embedded in the assembly. Their addresses contain a hash of all files, so that browsers can cache them for ever and still
/// get new ones at once.
/// </summary>
internal static class PageFiles
{
    public const string Prefix = "/pages";

    private const string PageExtension = ".html";

    private static readonly Dictionary<string, PageFile> Files = Load();

    public static string Version { get; } = Hash(Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Bytes));

    /// <summary>The path before the name of a file.</summary>
    public static string Folder { get; } = $"{Prefix}/{Version}";

    /// <summary>Finds a file by its name. The pages themselves cannot be requested this way.</summary>
    public static PageFile? Find(string name) => name.EndsWith(PageExtension, StringComparison.Ordinal) ? null : Files.GetValueOrDefault(name);

    /// <param name="name">Of the page.</param>
    /// <param name="pathBase">What stands before every path of this service.</param>
    /// <param name="signIn">The path and query of the sign-in that returns to the account page.</param>
    public static string PageText(string name, PathString pathBase, string signIn) => Files[name + PageExtension].Text
        .Replace("{files}", $"{{base}}{Folder}", StringComparison.Ordinal)
        .Replace("{signIn}", $"{{base}}{WebUtility.HtmlEncode(signIn)}", StringComparison.Ordinal)
        .Replace("{base}", WebUtility.HtmlEncode(pathBase.ToUriComponent()), StringComparison.Ordinal);

    public static string Hash(IEnumerable<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData([.. bytes]))[..16];

    /// <summary>Sends a file, or 304 to a browser that already has it.</summary>
    public static Task Send(byte[] bytes, string contentType, HttpContext context) =>
        TypedResults.Bytes(bytes, contentType, entityTag: new EntityTagHeaderValue($"\"{Hash(bytes)}\"")).ExecuteAsync(context);

    private static Dictionary<string, PageFile> Load()
    {
        var assembly = typeof(PageFiles).Assembly;
        var folder = $"{typeof(PageFiles).Namespace}.Files.";
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .ToDictionary(
                name => name[folder.Length..], name => Read(assembly.GetManifestResourceStream(name)!, Path.GetExtension(name)), StringComparer.Ordinal);
    }

    private static PageFile Read(Stream stream, string extension)
    {
        using var bytes = new MemoryStream();
        using (stream)
            stream.CopyTo(bytes);
        return new PageFile(bytes.ToArray(), ContentTypeOf(extension));
    }

    private static string ContentTypeOf(string extension) => extension switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        PageExtension => "text/html; charset=utf-8",
        _ => throw new NotSupportedException($"No content type is known for {extension}"),
    };
}

/// <summary>A file, as it is sent.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType) : IResult
{
    /// <summary>The text of a page, without the indentation that is only for readers of the file.</summary>
    public string Text => string.Join('\n', Encoding.UTF8.GetString(Bytes).Split('\n').Select(line => line.TrimStart(' ')));

    /// <summary>
    /// Whether the request names this version. It is false when it names another one, which happens while instances of two versions run at the same time.
    /// </summary>
    public bool IsOfThisVersion { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        CrossOrigin.VaryByOrigin(httpContext);
        httpContext.Response.Headers.CacheControl = IsOfThisVersion ? "public, max-age=31536000, immutable" : "no-store";
        return PageFiles.Send(Bytes, ContentType, httpContext);
    }
}
