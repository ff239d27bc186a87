using System.Diagnostics;
using AuthService.Principals;
using AuthService.Principals.ApiKeys;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Tokens;

namespace AuthService.Api.Admin.Explanations;

/// <summary>The kind of credential that was given for the dry run.</summary>
internal enum GivenCredential
{
    /// <summary>No credential, only a session or a principal. The rules assume the kind of credential that the operation takes.</summary>
    Any,
    AccessToken,
    RefreshToken,
    ApiKey,
}

/// <summary>The session, token or principal of a dry run, as far as it was found.</summary>
internal sealed record ExplainedSubject(GivenCredential Given)
{
    public SessionWithPrincipals? Owned { get; init; }

    public Principal? Principal { get; init; }

    /// <summary>The given access token; null when something else was given.</summary>
    public VerifiedToken? Token { get; init; }

    public Guid? ApiKeyId { get; init; }

    /// <summary>The verdict of the rule about the services that extended the token; null when none did.</summary>
    public RuleVerdict? OfExtension { get; init; }

    /// <summary>The reason why the credential is refused for every operation; null when there is none.</summary>
    public RefusalNote? Refusal { get; init; }
}

/// <summary>Finds the subject of a dry run, without using or changing anything.</summary>
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
        _ => throw new UnreachableException($"{target}"),
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

/// <summary>Finds the principal and session of an access token or API key.</summary>
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
