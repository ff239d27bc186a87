using AuthService.Client.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Client.Revocations;

internal enum RevocationVerdict
{
    NotRevoked,
    Revoked,
    Unknown,
}

/// <summary>Checks whether an otherwise valid token was revoked.</summary>
internal sealed class RevocationCheck(
    RevocationKnowledge knowledge,
    TokenQuestions questions,
    RevocationMetrics metrics,
    IOptions<AuthServiceBearerOptions> options,
    ILogger<RevocationCheck> log)
{
    /// <param name="token">A token whose signature, issuer and lifetime are right.</param>
    /// <param name="http">The request of the token.</param>
    public async ValueTask<RevocationVerdict> CheckAsync(JsonWebToken token, HttpContext http)
    {
        if (options.Value.Revocation is not { } settings)
            return RevocationVerdict.NotRevoked;
        var verdict = knowledge.Refuses(CheckedToken.Of(token)) ? RevocationVerdict.Revoked
            : knowledge.IsStale ? await CheckStaleAsync(settings.WhenStale, token.EncodedToken, http)
            : RevocationVerdict.NotRevoked;
        if (verdict is not RevocationVerdict.NotRevoked)
            metrics.Count(verdict);
        return verdict;
    }

    private async ValueTask<RevocationVerdict> CheckStaleAsync(WhenStale whenStale, string token, HttpContext http)
    {
        if (whenStale is WhenStale.Allow)
            return RevocationVerdict.NotRevoked;
        if (whenStale is WhenStale.Refuse)
            return RevocationVerdict.Unknown;
        try
        {
            return await AskOnceAsync(token, http) ? RevocationVerdict.NotRevoked : RevocationVerdict.Revoked;
        }
        catch (Exception error) // of any type: a handler of the service's own may throw what it likes
        {
            log.NotAsked(error);
            return RevocationVerdict.Unknown;
        }
    }

    /// <summary>Asks once for each request, because a one-time token is not active after the first claim.</summary>
    private Task<bool> AskOnceAsync(string token, HttpContext http) => http.AskOnceAsync(
        typeof(RevocationCheck), token, () => questions.IsActiveAsync(http.RequestServices.GetRequiredService<AuthServiceClient>(), token));
}
