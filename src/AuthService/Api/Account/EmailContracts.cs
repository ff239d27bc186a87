using System.ComponentModel.DataAnnotations;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Tokens;

namespace AuthService.Api.Account;

/// <param name="Email">The caller's e-mail address; null when none is known.</param>
/// <param name="Confirmed">Whether the caller has confirmed the address with a link that was mailed to it.</param>
/// <param name="CanChange">Whether the address can be changed. False when this deployment sends no mail, because an address is confirmed by mail.</param>
internal sealed record OwnEmail(string? Email, bool Confirmed, bool CanChange);

/// <param name="Token">The token in the link of the mail.</param>
internal sealed record MailTokenRequest([property: Required] string? Token);

internal sealed class AddressTokenReader : IJsonReader<AddressTokenReader, MailTokenRequest, AddressToken>
{
    public static ReadResult<AddressToken> Read(MailTokenRequest body) => MailTokens.Check(body.Token, AddressToken.TryParse);
}

internal sealed class NotMeTokenReader : IJsonReader<NotMeTokenReader, MailTokenRequest, NotMeToken>
{
    public static ReadResult<NotMeToken> Read(MailTokenRequest body) => MailTokens.Check(body.Token, NotMeToken.TryParse);
}

/// <summary>Checks the token of a link. A malformed token is refused like an unknown one.</summary>
internal static class MailTokens
{
    public static ReadResult<T> Check<T>(string? token, Func<string?, T?> parse)
        where T : class
    {
        if (string.IsNullOrEmpty(token))
            return ApiError.Missing("token");
        return parse(token) is { } known ? known : AccountErrors.InvalidToken;
    }
}
