using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Api.Admin.Explanations;

/// <summary>What was given: a credential, or something that has one.</summary>
internal enum GivenCredential
{
    /// <summary>A session or a principal: whichever credential the operation takes is thought of.</summary>
    Any,
    AccessToken,
    RefreshToken,
    ApiKey,
}

/// <summary>Who or what an explanation is about, as far as it is found.</summary>
internal sealed record ExplainedSubject(GivenCredential Given)
{
    public SessionWithPrincipals? Owned { get; init; }

    public Principal? Principal { get; init; }

    /// <summary>The access token that was given.</summary>
    public VerifiedToken? Token { get; init; }

    public Guid? ApiKeyId { get; init; }

    /// <summary>What the rule has to say of those who narrowed it; null where nobody did.</summary>
    public RuleVerdict? OfExtension { get; init; }

    /// <summary>Why it is good for nothing, whatever the operation is.</summary>
    public RefusalNote? Refusal { get; init; }
}

/// <summary>Finds it, without using or changing anything.</summary>
internal sealed class SubjectFinder(SessionStore sessions, EndedSessionStore ended, PrincipalStore principals, TokenSubjectFinder tokens, TimeProvider clock)
{
    /// <returns>Null when there is no such session or principal.</returns>
    public async Task<ExplainedSubject?> FindAsync(ExplainTarget target) =>
        await FindGivenAsync(target) is { } subject ? subject with { OfExtension = await JudgeExtensionAsync(subject) } : null;

    private async Task<ExplainedSubject?> FindGivenAsync(ExplainTarget target) => target switch
    {
        ExplainTarget.OfPrincipal(var name) => await principals.FindByNameAsync(name) is { } principal
            ? new ExplainedSubject(GivenCredential.Any) { Principal = principal }
            : null,
        ExplainTarget.OfSession(var id) => await FindSessionAsync(id),
        ExplainTarget.OfToken(var text) when RefreshToken.TryParse(text) is { } token => await FindByRefreshTokenAsync(token),
        ExplainTarget.OfToken(var text) => await tokens.FindAsync(text),
        _ => throw new InvalidOperationException($"{target} is no target"),
    };

    private static ExplainedSubject Of(GivenCredential given, SessionWithPrincipals owned) => new(given) { Owned = owned, Principal = owned.Principal };

    private async Task<RuleVerdict?> JudgeExtensionAsync(ExplainedSubject subject)
    {
        if ((subject.Token?.Token.ExtendedByChain ?? subject.Owned?.Session.ExtendedByChain) is not { Length: > 0 } chain)
            return null;
        return await sessions.FindRevokedExtenderAsync(chain) is { } extender
            ? RuleVerdict.Of(SessionRefusals.OfExtender(extender, subject.Principal!, subject.Owned?.Session))
            : new RuleVerdict(RefusalReason.ExtenderRevoked, Refuses: false) { Facts = [RefusalFact.Of("extendedBy", chain)] };
    }

    private async Task<ExplainedSubject?> FindSessionAsync(Guid id)
    {
        if (await sessions.FindByIdAsync(id) is { } owned)
            return Of(GivenCredential.Any, owned);
        return await ended.FindAsync(id, clock.GetUtcNow()) is { } found
            ? new ExplainedSubject(GivenCredential.Any)
            {
                Refusal = SessionRefusals.Of(found),
                Principal = await principals.FindByNumberAsync(found.Session.PrincipalNumber),
            }
            : null;
    }

    private async Task<ExplainedSubject> FindByRefreshTokenAsync(RefreshToken token)
    {
        var (hash, now) = (token.Hash(), clock.GetUtcNow());
        if (await sessions.FindByRefreshTokenAsync(hash) is { } owned)
            return Of(GivenCredential.RefreshToken, owned);
        if (await principals.FindByRefreshTokenAsync(hash, now) is { } principal)
            return new ExplainedSubject(GivenCredential.RefreshToken) { Principal = principal };
        var refusal = await ended.FindAsync(hash, now) is { } found ? SessionRefusals.Of(found) : new RefusalNote(RefusalReason.UnknownToken);
        return new ExplainedSubject(GivenCredential.RefreshToken) { Refusal = refusal };
    }
}

/// <summary>What stands behind access tokens and API keys.</summary>
internal sealed class TokenSubjectFinder(AccessTokenVerifier accessTokens, ApiKeyStore apiKeys, RefusalNotes refusals, TimeProvider clock)
{
    public async Task<ExplainedSubject> FindAsync(string text)
    {
        if (ApiKey.TryParse(text) is { } key)
            return await FindByApiKeyAsync(key);
        return await accessTokens.FindAsync(text) is AccessTokenVerification.Verified(var verified)
            ? new ExplainedSubject(GivenCredential.AccessToken) { Owned = verified.Owned, Principal = verified.Principal, Token = verified }
            : new ExplainedSubject(GivenCredential.AccessToken) { Refusal = refusals.Last };
    }

    private async Task<ExplainedSubject> FindByApiKeyAsync(ApiKey key) => await apiKeys.FindAsync(key.Hash()) is var (found, service)
        && !(found.ExpireAt <= clock.GetUtcNow())
            ? new ExplainedSubject(GivenCredential.ApiKey) { Principal = service, ApiKeyId = found.Id }
            : new ExplainedSubject(GivenCredential.ApiKey) { Refusal = new RefusalNote(RefusalReason.UnknownToken) };
}
