using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthService.Api.Http.Browser;
using Microsoft.Net.Http.Headers;

namespace AuthService.Api.Pages;

/// <summary>
/// The files of the pages, which the assembly holds. The pages name them by an address with a hash of all of them in it,
/// so that browsers keep them for good and take new ones at once.
/// </summary>
internal static class PageFiles
{
    public const string Prefix = "/pages";

    private const string PageExtension = ".html";

    private static readonly Dictionary<string, PageFile> Files = Load();

    public static string Version { get; } = Hash(Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Bytes));

    /// <summary>What stands before the name of a file in its address.</summary>
    public static string Folder { get; } = $"{Prefix}/{Version}";

    /// <summary>The pages themselves are not among those that may be asked for by name.</summary>
    public static PageFile? Find(string name) => name.EndsWith(PageExtension, StringComparison.Ordinal) ? null : Files.GetValueOrDefault(name);

    /// <param name="name">Of the page.</param>
    /// <param name="pathBase">What stands before every path of this service.</param>
    public static string PageText(string name, PathString pathBase) => Files[name + PageExtension].Text
        .Replace("{files}", $"{{base}}{Folder}", StringComparison.Ordinal)
        .Replace("{base}", WebUtility.HtmlEncode(pathBase.ToUriComponent()), StringComparison.Ordinal);

    public static string Hash(IEnumerable<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData([.. bytes]))[..16];

    /// <summary>Answers 304 to a browser that has the same.</summary>
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

/// <summary>One of the files, as it is sent.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType) : IResult
{
    /// <summary>Of a page: without its indentation, which is for those who read the file.</summary>
    public string Text => string.Join('\n', Encoding.UTF8.GetString(Bytes).Split('\n').Select(line => line.TrimStart(' ')));

    /// <summary>False where another version was asked for, as it happens while instances of two versions stand beside each other.</summary>
    public bool IsAskedByVersion { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        CrossOrigin.VaryByOrigin(httpContext);
        httpContext.Response.Headers.CacheControl = IsAskedByVersion ? "public, max-age=31536000, immutable" : "no-store";
        return PageFiles.Send(Bytes, ContentType, httpContext);
    }
}
