using System.ComponentModel.DataAnnotations;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.Tokens;

namespace AuthService.Api.Account;

/// <param name="Email">Null when none is known.</param>
/// <param name="Confirmed">Whether the person has shown that they read its mail.</param>
/// <param name="CanChange">Whether mails are sent here, without which no address is confirmed.</param>
internal sealed record OwnEmail(string? Email, bool Confirmed, bool CanChange);

/// <param name="Token">What stands in the link.</param>
internal sealed record MailTokenRequest([property: Required] string? Token);

internal sealed class AddressTokenReader : IInputReader<AddressToken>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<MailTokenRequest>(endpoint);

    public static ValueTask<ReadResult<AddressToken>> ReadAsync(HttpContext context) => MailTokens.ReadAsync(context, AddressToken.TryParse);
}

internal sealed class NotMeTokenReader : IInputReader<NotMeToken>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<MailTokenRequest>(endpoint);

    public static ValueTask<ReadResult<NotMeToken>> ReadAsync(HttpContext context) => MailTokens.ReadAsync(context, NotMeToken.TryParse);
}

/// <summary>The token of a link. What cannot be one is refused as one that nobody was sent.</summary>
internal static class MailTokens
{
    public static async ValueTask<ReadResult<T>> ReadAsync<T>(HttpContext context, Func<string?, T?> parse)
        where T : class => (await JsonBody.ReadAsync<MailTokenRequest>(context)).Then(body => Check(body.Token, parse));

    private static ReadResult<T> Check<T>(string? token, Func<string?, T?> parse)
        where T : class
    {
        if (string.IsNullOrEmpty(token))
            return LoginReader.Missing("token");
        return parse(token) is { } known ? known : AccountErrors.InvalidToken;
    }
}
