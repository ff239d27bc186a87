using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Input;

/// <summary>Reads JSON bodies strictly: no doubled members, no wrong types, no more than 16 levels. Unknown members are passed over.</summary>
internal static class JsonBody
{
    /// <summary>
    /// The serializer alone does not look for doubled members in what it passes over; it alone finds those that differ in
    /// letter case (<see cref="ApiJson"/>).
    /// </summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Of an unknown member it holds what the caller sent: a token is longer, or has a character for which the name is quoted.</summary>
    private const int LongestPath = 40;

    /// <param name="path">Where in the body (JSONPath).</param>
    /// <param name="line">From 1.</param>
    public static ApiError Unexpected(string path, long line) =>
        ApiError.BadRequest($"The body is not the JSON that is expected here, see {path} in line {line}");

    /// <summary>Says in the OpenAPI document that a body is needed.</summary>
    public static void Document<T>(EndpointBuilder endpoint) => endpoint.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>Whether there is a body, as far as the headers say.</summary>
    public static bool IsSent(HttpContext context) =>
        context.Request.ContentLength is not 0 && (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true);

    /// <summary>For calls that cannot do without a body.</summary>
    public static async Task<ReadResult<T>> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (string.IsNullOrEmpty(context.Request.ContentType))
            return ApiError.BadRequest("A JSON body is needed (Content-Type: application/json)");
        if (!context.Request.HasJsonContentType())
            return ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType) with { Message = "The body must be JSON (Content-Type: application/json)" };
        return await ParseAsync<T>(context);
    }

    /// <summary>For calls that need no body: what is not a JSON object, `null` and a few stray characters included, counts as none.</summary>
    public static async Task<ReadResult<T?>> ReadOptionalAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
            return new ReadResult<T?>(value: null);
        var begins = await BeginsObjectAsync(context);
        return begins is { Fault: null, Value: true } ? (await ParseAsync<T>(context)).Then(body => new ReadResult<T?>(body))
            : begins.Then(_ => new ReadResult<T?>(value: null));
    }

    /// <summary>Whether the body looks like a JSON object; it can still be read afterwards.</summary>
    public static Task<ReadResult<bool>> BeginsObjectAsync(HttpContext context) => BeginsAsync(context, "{");

    /// <summary>The same with what begins with one of these characters.</summary>
    public static async Task<ReadResult<bool>> BeginsAsync(HttpContext context, string openings)
    {
        context.Request.EnableBuffering(bufferThreshold: (int)BodyLimit.Bytes); // in memory: nothing of a request is written to a file
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

    /// <summary>For calls that cannot do without a body, and whose clients do not say what it is.</summary>
    public static Task<ReadResult<T>> ReadOfAnyTypeAsync<T>(HttpContext context)
        where T : class => ParseAsync<T>(context);

    private static Task<ReadResult<T>> ParseAsync<T>(HttpContext context)
        where T : class
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return ParseAsync(context, document => document.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));
    }

    /// <summary>As strictly, whatever the content type says.</summary>
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
            return ApiError.BadRequest("The body holds text that is no Unicode"); // half a surrogate pair in a name
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
