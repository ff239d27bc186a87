using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>A JSON body that a handler cannot do without.</summary>
internal sealed class JsonBody<T> : IBoundInput, IBindableFromHttpContext<JsonBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private JsonBody(T? value, ApiError? fault) => (_value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    public T Value => _value ?? throw new InvalidOperationException("The body could not be read");

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (value, fault) = await JsonBody.ReadAsync<T>(context);
        return new JsonBody<T>(value, fault);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

internal static class JsonBody
{
    /// <summary>The serializer alone would not look for doubled keys in what it passes over.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="path">Where in the body (JSONPath).</param>
    /// <param name="line">From 1.</param>
    public static ApiError Unexpected(string path, long line) => ApiError.BadRequest($"The body is not the JSON that is expected here, see {path} in line {line}");

    /// <summary>Reads strictly: no doubled keys, no wrong types, no more than 16 levels; unknown members are passed over.</summary>
    public static async Task<(T? Value, ApiError? Fault)> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (string.IsNullOrEmpty(context.Request.ContentType))
            return (null, ApiError.BadRequest("A JSON body is needed (Content-Type: application/json)"));
        if (!context.Request.HasJsonContentType())
            return (null, ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType) with { Message = "The body must be JSON (Content-Type: application/json)" });
        return await ParseAsync<T>(context);
    }

    /// <summary>For calls that need no body: what is not a JSON object, `null` and a few stray characters included, counts as none.</summary>
    public static async Task<(T? Value, ApiError? Fault)> ReadOptionalAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
            return (null, null);
        var (isObject, fault) = await BeginsObjectAsync(context);
        return isObject ? await ParseAsync<T>(context) : (null, fault);
    }

    /// <summary>Whether the body looks like a JSON object; it can still be read afterwards.</summary>
    public static async Task<(bool IsObject, ApiError? Fault)> BeginsObjectAsync(HttpContext context)
    {
        context.Request.EnableBuffering(bufferThreshold: (int)BodyLimit.Bytes); // in memory: nothing of a request is written to a file
        var start = new byte[16];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, context.RequestAborted);
            context.Request.Body.Position = 0;
            return (start.AsSpan(0, length).TrimStart(" \t\r\n"u8) is [(byte)'{', ..], null);
        }
        catch (IOException error)
        {
            return (false, UnreadableBody.Refuse(context, error));
        }
    }

    private static Task<(T? Value, ApiError? Fault)> ParseAsync<T>(HttpContext context)
        where T : class
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return ParseAsync(context, document => document.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));
    }

    /// <summary>As strictly, whatever the content type says.</summary>
    public static async Task<(T? Value, ApiError? Fault)> ParseAsync<T>(HttpContext context, Func<JsonDocument, T?> read)
        where T : class
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            var value = read(document);
            return value is null ? (null, ApiError.BadRequest("The body must be a JSON object")) : (value, null);
        }
        catch (InvalidOperationException)
        {
            return (null, ApiError.BadRequest("The body holds text that is no Unicode")); // half a surrogate pair in a name
        }
        catch (JsonException error)
        {
            return (null, Unexpected(error.Path ?? "$", line: (error.LineNumber ?? 0) + 1));
        }
        catch (IOException error)
        {
            return (null, UnreadableBody.Refuse(context, error));
        }
    }
}
