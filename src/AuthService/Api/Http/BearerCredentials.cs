using System.Security.Claims;
using AuthService.Applications;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.Api.Http;

/// <summary>Everything that may stand behind <c>Bearer</c> where a policy is asked for. Which kind it is, its form tells.</summary>
internal sealed class BearerCredentials(AccessTokenVerifier accessTokens, ApiKeyService apiKeys, AppTokenService appTokens)
{
    /// <returns>Null when the credential does not hold. One-time tokens are none.</returns>
    public async Task<ClaimsIdentity?> VerifyAsync(string text, ClientInfo client)
    {
        if (ApiKey.TryParse(text) is { } apiKey)
            return await apiKeys.VerifyAsync(apiKey) is { } service ? new Caller(service, token: null, client) : null;
        if (AppToken.TryParse(text) is { } appToken)
            return await appTokens.VerifyAsync(appToken) is { } app ? new AppTokenCaller(app) : null;
        return await accessTokens.VerifyAsync(text) is { Token.Jti: null } verified ? new Caller(verified.Principal, verified, client) : null;
    }

    /// <summary>True also for a one-time token, which opens nothing here.</summary>
    public async Task<bool> HoldsAsync(string text, ClientInfo client) =>
        await VerifyAsync(text, client) is not null || await accessTokens.VerifyAsync(text) is not null;
}
