using System.Reflection;
using System.Text;
using System.Text.Json;
using AuthService.Api.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Sessions;

/// <summary>The <c>{tokenId}</c> of a route.</summary>
internal sealed class TokenId : IBoundInput, IEndpointParameterMetadataProvider
{
    private const int Longest = 250;

    private TokenId(string value, ApiError? fault) => (Value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    public string Value { get; }

    public static ApiError BadLength => ApiError.BadRequest($"The token's id must have 1 to {Longest} characters");

    /// <summary>Always succeeds, so that the fault is answered in the surface's own words.</summary>
    public static bool TryParse(string? text, out TokenId id)
    {
        var valid = text is { Length: > 0 and <= Longest } && !text.Any(char.IsControl);
        id = new TokenId(text ?? "", valid ? null : BadLength);
        return true;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ExplainsParameter(parameter.Name!, $"The caller's own name of the token, 1 to {Longest} characters"));
}

/// <summary>The value of a token: plain text as it is, or a JSON string.</summary>
internal sealed class StoredTokenInput : IBoundInput, IBindableFromHttpContext<StoredTokenInput>, IEndpointParameterMetadataProvider
{
    /// <summary>A JSON string may write every character as six.</summary>
    public const long LargestBody = (6 * LargestValue) + 2;

    private const int LargestValue = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ApiError NoText => ApiError.BadRequest("The value must be text in UTF-8 or a JSON string");

    private StoredTokenInput(byte[] value, ApiError? fault) => (Value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    /// <summary>As UTF-8.</summary>
    public byte[] Value { get; }

    public static async ValueTask<StoredTokenInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return Check(context.Request, body.ToArray());
        }
        catch (IOException error)
        {
            return new StoredTokenInput([], UnreadableBody.Refuse(context, error));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["text/plain", "application/json"], typeof(string)));

    private static StoredTokenInput Check(HttpRequest request, byte[] body)
    {
        if (request.ContentType is { } type && !request.HasJsonContentType() && !type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            return new StoredTokenInput([], ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType));
        try
        {
            var value = request.HasJsonContentType() ? Strict.GetBytes(ReadString(body)) : body;
            _ = Strict.GetCharCount(value);
            return value.Length <= LargestValue
                ? new StoredTokenInput(value, fault: null)
                : new StoredTokenInput([], ApiError.FromStatus(StatusCodes.Status413PayloadTooLarge) with { Message = "The value may have at most 64 KiB" });
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return new StoredTokenInput([], NoText);
        }
    }

    private static string ReadString(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetString() ?? throw new JsonException();
    }
}
