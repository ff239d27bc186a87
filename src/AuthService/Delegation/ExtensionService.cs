using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

/// <summary>Narrows somebody's access token for a service's own use: never more than both the token and the service's policy hold.</summary>
internal sealed class ExtensionService(
    AccessTokenVerifier verifier, SessionService sessions, AccessTokenIssuer issuer, ExtensionRecord record, IOptionsMonitor<ExtensionOptions> options)
{
    public async Task<ExtensionOutcome> ExtendAsync(ExtensionRequest request, Principal caller, Deed deed)
    {
        var outcome = await DecideAsync(request, caller, deed);
        record.Count(outcome);
        return outcome;
    }

    private async Task<ExtensionOutcome> DecideAsync(ExtensionRequest request, Principal caller, Deed deed)
    {
        if (await verifier.VerifyAsync(request.Token) is not { Token.Jti: null } source)
            return new ExtensionOutcome.InvalidToken();
        // An impersonation ends with the administrator's session; a session made from it would outlive that.
        if (!IsAllowed(request.Scopes, caller, source.Token) || (request.AllowRefreshes && source.Actor is not null))
            return new ExtensionOutcome.NotAllowed();

        string[] chain = [.. source.Token.ExtendedByChain, caller.Id];
        var token = issuer.Issue(source.Principal, new TokenGrant(request.Scopes.ToArray(), request.Lifetime)
        {
            SessionId = source.Session?.Id,
            NotAfter = source.Session?.ExpireAt,
            ExtendedByChain = chain,
            Actor = source.Actor?.Id,
        });
        if (token.Length > AccessTokenWriter.MaximumLength)
            return new ExtensionOutcome.TooLong();
        if (request.AllowRefreshes)
            return await DelegateAsync(request, source, chain, deed);
        await record.WriteAsync(request, source, deed);
        return new ExtensionOutcome.Extended(token);
    }

    private bool IsAllowed(ScopeSet wanted, Principal caller, AccessToken source) =>
        !wanted.Any(scope => scope.IsReserved)
        && options.CurrentValue.FindPolicy(caller.Id) is { } policy && policy.Covers(wanted)
        && ScopeSet.TryParse(source.Scopes, out var held) && held.Covers(wanted);

    private async Task<ExtensionOutcome> DelegateAsync(ExtensionRequest request, VerifiedToken source, string[] chain, Deed deed)
    {
        var delegation = new Sessions.Delegation(source.Principal, source.Session?.Id, request.Scopes.ToArray(), chain, request.Lifetime);
        return await sessions.DelegateAsync(delegation, deed) is { } started
            ? new ExtensionOutcome.ExtendedWithSession(started)
            : new ExtensionOutcome.InvalidToken();
    }
}
