using System.Diagnostics;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Delegation;

internal abstract record ExtensionOutcome
{
    private ExtensionOutcome()
    {
    }

    internal sealed record Extended(string AccessToken) : ExtensionOutcome;

    internal sealed record ExtendedWithSession(StartedSession Started) : ExtensionOutcome;

    /// <summary>The base of the three refusals that the response and the metric distinguish.</summary>
    internal abstract record Refused(RefusalReason Reason) : ExtensionOutcome;

    /// <summary>The token to extend is not valid, or is a one-time token.</summary>
    internal sealed record InvalidToken(RefusalReason Reason) : Refused(Reason);

    /// <summary>A requested scope is not in both the caller's policy and the token, or may never be granted.</summary>
    internal sealed record NotAllowed(RefusalReason Reason) : Refused(Reason);

    /// <summary>With so many scopes or services the token would be longer than this service accepts, or its chain longer than it can store.</summary>
    internal sealed record TooLong() : Refused(RefusalReason.TokenTooLong);
}

/// <summary>The request of a service to extend a token.</summary>
internal sealed record ExtensionRequest(string Token, ScopeSet Scopes, TimeSpan Lifetime, bool AllowRefreshes);

/// <summary>Extends somebody's access token: issues one with fewer rights for a service's own use, as far as the policy allows.</summary>
internal sealed class ExtensionService(
    ExtensionPolicy policy, SessionService sessions, DerivedTokenIssuer tokens, DelegationMetrics metrics, RefusalNotes refusals)
{
    public async Task<ExtensionOutcome> ExtendAsync(ExtensionRequest request, Principal caller, AuditActor by)
    {
        var outcome = await policy.JudgeAsync(request, caller, by) switch
        {
            ExtensionVerdict.Allowed(var source) => Noted(await ExtendAsync(request, source, [.. source.Token.ExtendedByChain, caller.Id], by), source),
            ExtensionVerdict.Refused(var refused) => refused,
            var other => throw new UnreachableException($"{other}"),
        };
        metrics.Extended(outcome);
        return outcome;
    }

    private ExtensionOutcome Noted(ExtensionOutcome outcome, VerifiedToken source)
    {
        if (outcome is ExtensionOutcome.Refused { Reason: var reason })
            refusals.Add(reason, source.Principal.Id, source.Session?.Id);
        return outcome;
    }

    private async Task<ExtensionOutcome> ExtendAsync(ExtensionRequest request, VerifiedToken source, string[] chain, AuditActor by)
    {
        var grant = new TokenGrant(request.Scopes.ToArray(), request.Lifetime) { ExtendedByChain = chain };
        if (!request.AllowRefreshes)
        {
            return await tokens.IssueAsync(source, grant, AuditEvents.TokenExtended, string.Join(' ', grant.Scopes), by) switch
            {
                DerivedToken.Issued(var token) => new ExtensionOutcome.Extended(token),
                DerivedToken.Refused(RefusalReason.TokenTooLong) => new ExtensionOutcome.TooLong(),
                DerivedToken.Refused(var reason) => new ExtensionOutcome.InvalidToken(reason),
                var other => throw new UnreachableException($"{other}"),
            };
        }

        var session = source.Session ?? throw new InvalidOperationException("The policy lets no token without a session be extended with one");
        var delegation = new SessionDelegation(source.Principal, session, grant.Scopes, chain, request.Lifetime);
        return await sessions.DelegateAsync(delegation, by) switch
        {
            DelegateOutcome.Delegated(var started) => new ExtensionOutcome.ExtendedWithSession(started),
            DelegateOutcome.Refused(RefusalReason.TokenTooLong) => new ExtensionOutcome.TooLong(),
            DelegateOutcome.Refused(var reason) => new ExtensionOutcome.InvalidToken(reason),
            var other => throw new UnreachableException($"{other}"),
        };
    }
}
