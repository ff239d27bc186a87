using System.Diagnostics;
using System.Security.Claims;
using AuthService.Applications;
using AuthService.Principals.ApiKeys;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Callers;

/// <summary>Verifies a <c>Bearer</c> credential. API keys and app tokens are recognised by their prefix; any other text is taken as an access token.</summary>
internal sealed class BearerCredentials(
    AccessTokenVerifier accessTokens, ApiKeyService apiKeys, AppTokenService appTokens, IOptionsMonitor<TwoFactorOptions> factors,
    RefusalNotes refusals)
{
    /// <returns>Null when the credential is not valid. A one-time token is not valid here.</returns>
    public async Task<ClaimsIdentity?> VerifyAsync(string text, ClientInfo client)
    {
        var (caller, refusal) = await FindAsync(text, client);
        if (refusal is not null)
            refusals.Add(refusal);
        return caller;
    }

    /// <summary>Returns whether the credential is valid. Unlike <see cref="VerifyAsync"/>, this includes one-time tokens.</summary>
    public async Task<bool> HoldsAsync(string text, ClientInfo client) =>
        await FindAsync(text, client) is { Caller: not null } or { Refusal.Reason: RefusalReason.OneTimeToken };

    private Caller CallerOf(VerifiedToken verified, ClientInfo client) => new(verified.Principal, verified, client)
    {
        OwesSecondFactor = verified.OwesSecondFactor(factors.CurrentValue),
    };

    /// <returns>The caller, or null when the credential is not valid. The refusal has the reason, unless the verifier has already noted it.</returns>
    private async Task<(ClaimsIdentity? Caller, RefusalNote? Refusal)> FindAsync(string text, ClientInfo client)
    {
        if (ApiKey.TryParse(text) is { } apiKey)
        {
            return await apiKeys.VerifyAsync(apiKey) is var (key, service)
                ? (new Caller(service, token: null, client) { ApiKeyId = key.Id }, null)
                : (null, null);
        }

        if (AppToken.TryParse(text) is { } appToken)
            return await appTokens.VerifyAsync(appToken) is { } app ? (new AppTokenCaller(app), null) : (null, new RefusalNote(RefusalReason.UnknownToken));
        return await accessTokens.VerifyAsync(text) switch
        {
            AccessTokenVerification.Verified({ Token.Jti: not null } oneTime) =>
                (null, new RefusalNote(RefusalReason.OneTimeToken) { Principal = oneTime.Principal.Id, SessionId = oneTime.Session?.Id }),
            AccessTokenVerification.Verified(var verified) => (CallerOf(verified, client), null),
            AccessTokenVerification.Refused => (null, null),
            var other => throw new UnreachableException($"{other}"),
        };
    }
}
