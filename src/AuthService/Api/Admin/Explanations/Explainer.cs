using System.Diagnostics;
using System.Security.Claims;
using AuthService.Api.Http.Callers;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Rules;
using AuthService.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Admin.Explanations;

/// <summary>
/// Lists the verdict of each rule about an operation, by calling the rules themselves. Rules about the contents of a call, such as its scopes or a password,
/// are left out, and so are rate limits.
/// </summary>
internal sealed class Explainer(
    IAuthorizationService authorization, FreshSignIn fresh, AccessTokenIssuer issuer, IOptionsMonitor<TwoFactorOptions> factors, TimeProvider clock)
{
    public async Task<IReadOnlyList<RuleVerdict>> ListAsync(ExplainedSubject subject, ExplainedOperation operation, ClientInfo client)
    {
        var now = clock.GetUtcNow();
        return (operation, subject) switch
        {
            (ExplainedOperation.Open, _) => [],
            (ExplainedOperation.SignIn(var withPassword), { Principal: { } person }) => [.. SignInVerdicts.Of(person, withPassword, now)],
            (_, { Refusal: { } refusal }) => [RuleVerdict.Of(refusal)],
            (ExplainedOperation.SignOut, _) => [new(RefusalReason.UnknownToken, !IsTokenOfSession(subject))],
            (ExplainedOperation.Refresh { TakesClients: true }, _) when IsClient(subject) => [.. SessionVerdicts.Of(subject.Principal!)],
            (ExplainedOperation.Refresh(var mode), _) => [.. OfRefresh(subject, mode, now)],
            (ExplainedOperation.Call call, _) => await OfCallAsync(subject, call, client, now),
            _ => throw new UnreachableException($"{operation}"),
        };
    }

    private static bool IsRefreshToken(ExplainedSubject subject) => subject.Given is GivenCredential.Any or GivenCredential.RefreshToken;

    private static bool IsTokenOfSession(ExplainedSubject subject) => IsRefreshToken(subject) && subject.Owned?.Session.RefreshTokenHash is not null;

    /// <summary>Returns whether the subject is a service, given by its id or by its API key.</summary>
    private static bool IsClient(ExplainedSubject subject) =>
        subject is { Given: not (GivenCredential.RefreshToken or GivenCredential.AccessToken), Owned: null, Principal.Type: PrincipalType.Service };

    private static RuleVerdict[] OfExtension(ExplainedSubject subject) => subject.OfExtension is { } verdict ? [verdict] : [];

    private static IEnumerable<RuleVerdict> OfRefresh(ExplainedSubject subject, SessionMode mode, DateTimeOffset now)
    {
        if (subject.Owned is not { } owned)
        {
            var hasToken = mode is SessionMode.Application && subject.Principal!.RefreshTokenHash is not null;
            return [new(RefusalReason.UnknownToken, !IsRefreshToken(subject) || !hasToken), .. SessionVerdicts.Of(subject.Principal!)];
        }

        var isKnown = IsTokenOfSession(subject);
        return
        [
            new(RefusalReason.UnknownToken, !isKnown),
            new(RefusalReason.WrongMode, isKnown && owned.Session.Mode != mode) { Facts = [RefusalFact.Of("mode", owned.Session.Mode)] },
            .. SessionVerdicts.Of(owned, now),
            .. OfExtension(subject),
        ];
    }

    private async Task<IReadOnlyList<RuleVerdict>> OfCallAsync(
        ExplainedSubject subject, ExplainedOperation.Call call, ClientInfo client, DateTimeOffset now)
    {
        if (subject.Given is GivenCredential.RefreshToken)
            return [new(RefusalReason.InvalidToken, Refuses: true)];
        var caller = CallerOf(subject, client);
        List<RuleVerdict> verdicts =
        [
            .. subject.Owned is { } owned ? SessionVerdicts.Of(owned, now) : SessionVerdicts.Of(caller.Principal),
            .. OfExtension(subject),
            new(RefusalReason.OneTimeToken, subject.Token?.Token.Jti is not null),
        ];
        if (!IsPersonAlone(subject))
            verdicts.Add(new RuleVerdict(RefusalReason.SecondFactorOwed, Owes(caller) && call.Metadata.GetMetadata<OpenWithoutSecondFactor>() is null));
        verdicts.Add(await OfRoleAsync(caller, call));
        if (!IsPersonAlone(subject) && call.Metadata.GetMetadata<FreshSignInRequirement>() is { } requirement)
            verdicts.AddRange(await OfProofAsync(caller, requirement));
        return verdicts;
    }

    /// <summary>
    /// Returns whether the subject is a person without a session. Rules about proofs of identity are then left out, because they depend on the session that the
    /// person would have.
    /// </summary>
    private static bool IsPersonAlone(ExplainedSubject subject) => subject is { Given: GivenCredential.Any, Owned: null, Principal.Type: PrincipalType.Person };

    /// <summary>
    /// Creates the caller that the authorization of a call would see. For a session, this is a caller with an access token that the session would get now.
    /// </summary>
    private Caller CallerOf(ExplainedSubject subject, ClientInfo client)
    {
        var principal = subject.Principal!;
        if (subject.ApiKeyId is { } key)
            return new Caller(principal, token: null, client) { ApiKeyId = key };
        var issued = subject.Owned is { } owned
            ? issuer.IssueFor(owned, owned.Session.Scopes, clientId: null)
            : issuer.TryIssueFor(principal, ClientRequest.None)!;
        return new Caller(principal, subject.Token ?? new VerifiedToken(issued.Claims, principal, subject.Owned), client);
    }

    private bool Owes(Caller caller) => caller.HasAccessToken && caller.AccessToken.OwesSecondFactor(factors.CurrentValue);

    private async Task<RuleVerdict> OfRoleAsync(Caller caller, ExplainedOperation.Call call)
    {
        var refused = false;
        foreach (var policy in call.Policies)
            refused |= !(await authorization.AuthorizeAsync(new ClaimsPrincipal(caller), resource: null, policy)).Succeeded;
        return new RuleVerdict(RefusalReason.RoleNotAllowed, refused)
        {
            Facts =
            [
                RefusalFact.Of("role", caller.Principal.Role), RefusalFact.Of("scopes", caller.Scopes), RefusalFact.Of("policies", call.Policies),
            ],
        };
    }

    private async Task<RuleVerdict[]> OfProofAsync(Caller caller, FreshSignInRequirement requirement)
    {
        var refusal = (await fresh.FindRefusalAsync(caller, requirement))?.Note;
        return [.. ((RefusalReason[])[RefusalReason.ProofTooOld, RefusalReason.SecondFactorNotUsed]).Select(reason =>
            refusal?.Reason == reason ? RuleVerdict.Of(refusal) : new RuleVerdict(reason, Refuses: false))];
    }
}
