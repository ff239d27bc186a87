using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Input;

/// <summary>Reads JSON bodies strictly: no duplicate members, no wrong types, at most 16 levels. Unknown members are ignored.</summary>
internal static class JsonBody
{
    /// <summary>
    /// The options of the parser, which finds duplicate members everywhere. The serializer does not find them inside members that it ignores, but only the
    /// serializer finds duplicates that differ in letter case (<see cref="ApiJson"/>).
    /// </summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>
    /// The longest path that an error shows. The path of an unknown member contains text of the caller, which may be a token. A token is longer, or has a
    /// character for which the path quotes the name.
    /// </summary>
    private const int LongestPath = 40;

    /// <param name="path">The place in the body, as JSONPath.</param>
    /// <param name="line">The line, starting at 1.</param>
    public static ApiError Unexpected(string path, long line) =>
        ApiError.BadRequest($"The body is not the JSON that is expected here, see {path} in line {line}");

    /// <summary>Documents in OpenAPI that a body is required.</summary>
    public static void Document<T>(EndpointBuilder endpoint) => endpoint.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>Returns whether the request has a body, according to its headers.</summary>
    public static bool IsSent(HttpContext context) =>
        context.Request.ContentLength is not 0 && (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true);

    /// <summary>Reads the body of a call that requires one.</summary>
    public static async Task<ReadResult<T>> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (string.IsNullOrEmpty(context.Request.ContentType))
            return ApiError.BadRequest("A JSON body is needed (Content-Type: application/json)");
        if (!context.Request.HasJsonContentType())
            return ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType) with { Message = "The body must be JSON (Content-Type: application/json)" };
        return await ParseAsync<T>(context);
    }

    /// <summary>
    /// Reads the body of a call that requires none. A body that is not a JSON object, such as <c>null</c> or a few stray characters, counts as no body.
    /// </summary>
    public static async Task<ReadResult<T?>> ReadOptionalAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
            return new ReadResult<T?>(value: null);
        var begins = await BeginsObjectAsync(context);
        return begins is { Fault: null, Value: true } ? (await ParseAsync<T>(context)).Then(body => new ReadResult<T?>(body))
            : begins.Then(_ => new ReadResult<T?>(value: null));
    }

    /// <summary>Returns whether the body looks like a JSON object. The body can still be read afterwards.</summary>
    public static Task<ReadResult<bool>> BeginsObjectAsync(HttpContext context) => BeginsAsync(context, "{");

    /// <summary>Returns whether the body begins with one of these characters. The body can still be read afterwards.</summary>
    public static async Task<ReadResult<bool>> BeginsAsync(HttpContext context, string openings)
    {
        context.Request.EnableBuffering(bufferThreshold: (int)BodyLimit.Bytes); // the buffer is in memory, so that no part of a request is written to a file
        var start = new byte[16];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, context.RequestAborted);
            context.Request.Body.Position = 0;
            return start.AsSpan(0, length).TrimStart(" \t\r\n"u8) is [var first, ..] && openings.Contains((char)first, StringComparison.Ordinal);
        }
        catch (IOException error)
        {
            return UnreadableBody.Refuse(context, error);
        }
    }

    /// <summary>Reads the body of a call that requires one, if the clients of that call do not send its content type.</summary>
    public static Task<ReadResult<T>> ReadOfAnyTypeAsync<T>(HttpContext context)
        where T : class => ParseAsync<T>(context);

    private static Task<ReadResult<T>> ParseAsync<T>(HttpContext context)
        where T : class
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return ParseAsync(context, document => document.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));
    }

    /// <summary>Parses the body with the same strictness, whatever its content type is.</summary>
    public static async Task<ReadResult<T>> ParseAsync<T>(HttpContext context, Func<JsonDocument, T?> read)
        where T : class
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            return read(document) is { } value ? value : ApiError.BadRequest("The body must be a JSON object");
        }
        catch (InvalidOperationException)
        {
            return ApiError.BadRequest("The body holds text that is no Unicode"); // half of a surrogate pair in a name
        }
        catch (JsonException error)
        {
            var isPlain = error.Path is { Length: <= LongestPath } && !error.Path.Contains("['", StringComparison.Ordinal);
            return Unexpected(isPlain ? error.Path! : "$", line: (error.LineNumber ?? 0) + 1);
        }
        catch (IOException error)
        {
            return UnreadableBody.Refuse(context, error);
        }
    }
}
