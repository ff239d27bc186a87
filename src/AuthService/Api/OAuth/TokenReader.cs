using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.OAuth;

/// <summary>
/// Reads the form of introspection and revocation. It uses <c>token</c> and ignores <c>token_type_hint</c>, because the form of a token already shows its kind.
/// </summary>
internal sealed class TokenReader : IInputReader<PresentedToken>
{
    public const string ContentType = "application/x-www-form-urlencoded";

    public static ApiError NoForm => ApiError.BadRequest($"A form is needed (Content-Type: {ContentType})");

    public static ApiError Missing => ApiError.BadRequest("token is missing in the form");

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new AcceptsMetadata([ContentType], typeof(TokenRequest)));

    public static async ValueTask<ReadResult<PresentedToken>> ReadAsync(HttpContext context) => context.Request.HasFormContentType
        ? (await FormBody.ReadAsync(context)).Then<PresentedToken>(form => form["token"] is [{ Length: > 0 } text] ? PresentedToken.Of(text) : Missing)
        : NoForm;
}
