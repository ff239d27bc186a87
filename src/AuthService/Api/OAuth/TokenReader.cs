using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.OAuth;

/// <summary>
/// The form that both endpoints take: <c>token</c> and <c>token_type_hint</c>, of which the second is passed over: the form
/// of a token says more.
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
