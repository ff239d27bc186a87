using System.Text;
using System.Text.Json;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Sessions;

/// <summary>Reads the <c>{tokenId}</c> of a route.</summary>
internal sealed class TokenIdReader : IRouteValueReader<string>
{
    private const int Longest = 250;

    public static ApiError BadLength => ApiError.BadRequest($"The token's id must have 1 to {Longest} characters");

    public static string Description => $"The caller's own name of the token, 1 to {Longest} characters";

    public static ReadResult<string> Read(string? text) => text is { Length: > 0 and <= Longest } && !text.Any(char.IsControl) ? text : BadLength;
}

/// <summary>Reads the value of a token as UTF-8, either plain text or a JSON string.</summary>
internal sealed class StoredTokenValueReader : IInputReader<byte[]>
{
    /// <summary>The largest body. A JSON string may need six characters for each character of the value.</summary>
    public const long LargestBody = (6 * LargestValue) + 2;

    private const int LargestValue = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ApiError NoText => ApiError.BadRequest("The value must be text in UTF-8 or a JSON string");

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new AcceptsMetadata(["text/plain", "application/json"], typeof(string)));

    public static async ValueTask<ReadResult<byte[]>> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return Check(context.Request, body.ToArray());
        }
        catch (IOException error)
        {
            return UnreadableBody.Refuse(context, error);
        }
    }

    private static ReadResult<byte[]> Check(HttpRequest request, byte[] body)
    {
        if (request.ContentType is { } type && !request.HasJsonContentType() && !type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
            return ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var value = request.HasJsonContentType() ? Strict.GetBytes(ReadString(body)) : body;
            _ = Strict.GetCharCount(value);
            return value.Length <= LargestValue
                ? value
                : ApiError.FromStatus(StatusCodes.Status413PayloadTooLarge) with { Message = "The value may have at most 64 KiB" };
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return NoText;
        }
    }

    private static string ReadString(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetString() ?? throw new JsonException();
    }
}
