using System.Text.Json;
using AuthService.Sessions.Revoking;
using AuthService.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>A verified logout token, with which a provider reports that somebody has signed out there.</summary>
/// <param name="SignOut">The sign-out, which tells which sessions to revoke.</param>
/// <param name="Hash">The hash of the issuer and the <c>jti</c>; each token is accepted once.</param>
/// <param name="ExpiresAt">The time when the token expires.</param>
internal sealed record LogoutToken(SsoSignOut SignOut, byte[] Hash, DateTimeOffset ExpiresAt);

/// <summary>
/// Verifies logout tokens with the rules for ID tokens and their own rules (OpenID Connect Back-Channel Logout 1.0, section 2.6).
/// </summary>
internal sealed class LogoutTokenVerifier(ProviderConnections connections, ProviderProtocol protocol, TimeProvider clock)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>The accepted <c>typ</c> headers. Providers that are older than the specified value send <c>JWT</c> or nothing.</summary>
    private static readonly string[] Types = ["", "JWT", "logout+jwt", "application/logout+jwt"];

    /// <summary>The longest lifetime accepted; two minutes are recommended. A used token is remembered until it has expired.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <exception cref="ProviderException">The token is not valid, or the provider's keys cannot be read.</exception>
    public async Task<LogoutToken> VerifyAsync(IdentityProvider provider, string text)
    {
        await connections.ReadAsync(provider);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(text, protocol.RulesOf(provider));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token)
            throw new ProviderException("the logout token does not hold", result.Exception);
        if (!Types.Contains(token.Typ ?? "", StringComparer.OrdinalIgnoreCase))
            throw new ProviderException("the typ of the logout token is another");
        return Read(provider, token);
    }

    private LogoutToken Read(IdentityProvider provider, JsonWebToken token)
    {
        var payload = ProviderProtocol.ParsePayload(token);
        RequireEvent(payload);
        if (payload.TryGetProperty("nonce", out _))
            throw new ProviderException("the logout token has a nonce, as ID tokens have");
        var now = clock.GetUtcNow();
        if (!payload.TryGetProperty("iat", out _) || token.IssuedAt > (now + ProviderProtocol.MostSkew).UtcDateTime)
            throw new ProviderException("the iat of the logout token is missing, or in the future");
        if (token.ValidTo > (now + LongestLifetime).UtcDateTime)
            throw new ProviderException("the logout token holds for more than a day");
        if (FindId(payload, "jti") is not { } id)
            throw new ProviderException("the logout token has no jti");
        var signOut = new SsoSignOut(provider.Title, FindId(payload, "sub"), FindId(payload, "sid"));
        if (signOut is { Identifier: null, SessionId: null })
            throw new ProviderException("the logout token has neither sub nor sid");
        return new LogoutToken(signOut, TokenHash.Of($"{token.Issuer}\n{id}"), new DateTimeOffset(token.ValidTo, TimeSpan.Zero));
    }

    private static void RequireEvent(JsonElement payload)
    {
        var holds = payload.TryGetProperty("events", out var events) && events.ValueKind is JsonValueKind.Object
            && events.TryGetProperty(Event, out var content) && content.ValueKind is JsonValueKind.Object;
        if (!holds)
            throw new ProviderException("the events of the logout token name no logout");
    }

    /// <returns>Null when it is missing.</returns>
    private static string? FindId(JsonElement payload, string name)
    {
        if (!payload.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind is JsonValueKind.String && value.GetString() is { } text && ProviderIdentity.IsId(text)
            ? text
            : throw new ProviderException($"the {name} of the logout token cannot be used");
    }
}
