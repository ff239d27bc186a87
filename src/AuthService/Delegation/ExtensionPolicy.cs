using System.Diagnostics;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

internal abstract record ExtensionVerdict
{
    private ExtensionVerdict()
    {
    }

    /// <param name="Source">The token to extend.</param>
    internal sealed record Allowed(VerifiedToken Source) : ExtensionVerdict;

    internal sealed record Refused(ExtensionOutcome.Refused Outcome) : ExtensionVerdict;
}

/// <summary>
/// Decides whether a service may extend a token: only to scopes that both the token and the service's policy contain. A refusal for a valid token is audited.
/// </summary>
internal sealed class ExtensionPolicy(
    AccessTokenVerifier verifier, AuditLog audit, RefusalNotes refusals, IOptionsMonitor<ExtensionOptions> options, IOptionsMonitor<TwoFactorOptions> factors)
{
    public async Task<ExtensionVerdict> JudgeAsync(ExtensionRequest request, Principal caller, AuditActor by)
    {
        return await verifier.VerifyAsync(request.Token) switch
        {
            AccessTokenVerification.Refused(var reason) => Invalid(reason),
            AccessTokenVerification.Verified({ Token.Jti: not null } oneTime) => RefuseOneTimeToken(oneTime),
            AccessTokenVerification.Verified(var source) => FindRefusal(request, source, caller) is { } reason
                ? await RefuseAsync(request, source, reason, by)
                : new ExtensionVerdict.Allowed(source),
            var other => throw new UnreachableException($"{other}"),
        };
    }

    private static ExtensionVerdict.Refused Invalid(RefusalReason reason) => new(new ExtensionOutcome.InvalidToken(reason));

    private ExtensionVerdict.Refused RefuseOneTimeToken(VerifiedToken token)
    {
        refusals.Add(RefusalReason.OneTimeToken, token.Principal.Id, token.Session?.Id);
        return Invalid(RefusalReason.OneTimeToken);
    }

    private async Task<ExtensionVerdict> RefuseAsync(ExtensionRequest request, VerifiedToken source, RefusalReason reason, AuditActor by)
    {
        var detail = $"{reason}: {string.Join(' ', request.Scopes.ToArray())}";
        refusals.Add(new RefusalNote(reason)
        {
            Principal = source.Principal.Id,
            SessionId = source.Session?.Id,
            Facts = [RefusalFact.Of("requested", request.Scopes.ToArray()), RefusalFact.Of("held", source.Token.Scopes)],
        });
        await audit.WriteAsync(by, AuditEvents.TokenExtended, source.Principal.Id, source.Session?.Id, detail, AuditOutcome.Refused);
        return new ExtensionVerdict.Refused(new ExtensionOutcome.NotAllowed(reason));
    }

    /// <summary>
    /// Refuses a session made from an impersonated token or from one without a session. An impersonation ends with the administrator's session, and a token
    /// without a session ends when it expires or with its API key. A session made from such a token would outlive that.
    /// </summary>
    private static RefusalReason? FindRefusalOfSession(VerifiedToken source)
    {
        if (source.Session is null)
            return RefusalReason.WithoutSession;
        return source.Actor is null ? null : RefusalReason.Impersonated;
    }

    private RefusalReason? FindRefusal(ExtensionRequest request, VerifiedToken source, Principal caller)
    {
        if (request.Scopes.Any(scope => scope.IsReserved))
            return RefusalReason.ScopeReserved;
        if (source.OwesSecondFactor(factors.CurrentValue))
            return RefusalReason.SecondFactorOwed;
        if (options.CurrentValue.FindPolicy(caller.Id) is not { } policy || !policy.Covers(request.Scopes))
            return RefusalReason.ScopeNotInPolicy;
        if (!ScopeSet.TryParse(source.Token.Scopes, out var held) || !held.Covers(request.Scopes))
            return RefusalReason.ScopeNotCovered;
        return request.AllowRefreshes ? FindRefusalOfSession(source) : null;
    }
}
