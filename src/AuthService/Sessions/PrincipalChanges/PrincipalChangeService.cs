using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Principals.ApiKeys;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.PrincipalChanges;

internal enum PrincipalChangeResult
{
    Done,

    /// <summary>The principal was changed or deleted by another request since it was read.</summary>
    Conflict,

    /// <summary>The change would leave no enabled administrator.</summary>
    LastAdministrator,
}

/// <summary>
/// Changes principals. A change after which earlier sign-ins must not count raises the security stamp and revokes the sessions, with the audit entry, in one
/// transaction. The raised stamp also refuses a session that is being created from the old credentials at that moment. A change is refused when the principal
/// was changed or deleted since it was read, or when the caller is no longer entitled (<see cref="CallerTransactions"/>).
/// </summary>
internal sealed class PrincipalChangeService(Store store, SessionRevocation revocation, ApiKeyStore apiKeys, NoticeSender notices, TimeProvider clock)
{
    /// <param name="principal">The principal that gets the password.</param>
    /// <param name="hash">The hash of the new password, which has passed the policy.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="isTemporary">Whether the person must choose another password at the next sign-in.</param>
    public async Task<bool> TrySetPasswordAsync(Principal principal, string hash, AuditActor by, bool isTemporary = false)
    {
        var change = new PrincipalChange(
            principal, (set, _) => set.SetProperty(p => p.PasswordHash, hash).SetProperty(p => p.PasswordResetRequested, isTemporary), AuditEvents.PasswordSet)
        {
            SetsPassword = true,
        };
        return await ChangeAsync(change, by) is PrincipalChangeResult.Done;
    }

    /// <param name="principal">The principal that gets the password.</param>
    /// <param name="hash">The hash of the new password, which has passed the policy.</param>
    /// <param name="wasMailed">
    /// Whether the token was mailed. Then the address must still be the principal's; otherwise a password reset must still be requested.
    /// </param>
    /// <param name="by">The audit actor.</param>
    public async Task<bool> TryResetPasswordAsync(Principal principal, string hash, bool wasMailed, AuditActor by)
    {
        var address = principal.Profile.Email;
        var change = new PrincipalChange(
            principal, (set, _) => set.SetProperty(p => p.PasswordHash, hash).SetProperty(p => p.PasswordResetRequested, false), AuditEvents.PasswordSet)
        {
            SetsPassword = true,
            IsByToken = true,
            OnlyIf = wasMailed ? p => p.Profile.Email == address : p => p.PasswordResetRequested,
        };
        return await ChangeAsync(change, by) is PrincipalChangeResult.Done;
    }

    /// <summary>Removes, in the same transaction, everything with which the person could sign in besides the password.</summary>
    public Task<PrincipalChangeResult> RemoveFactorsAsync(Principal principal, Func<Task> remove, AuditActor by) => ChangeAsync(
        new PrincipalChange(principal, (_, _) => { }, AuditEvents.SecondFactorRemoved)
        {
            Detail = RemovedFactors.All,
            Also = _ => remove(),
            Notice = FactorNotices.AllRemoved,
        },
        by);

    /// <summary>Sets the e-mail address after the person proved that they can read its mail.</summary>
    /// <param name="principal">The principal that gets the address.</param>
    /// <param name="address">The address as it was typed.</param>
    /// <param name="by">The audit actor.</param>
    /// <returns>False when the principal was changed since it was read; a new address counts as well.</returns>
    public async Task<bool> TryConfirmAddressAsync(Principal principal, string address, AuditActor by)
    {
        var replaced = principal.Profile.Email;
        var change = new PrincipalChange(principal, (set, before) => set.SetAddress(before, address, clock.GetUtcNow()), AuditEvents.EmailConfirmed)
        {
            ConfirmsAddress = true,
            RevokesSessions = false,
            OnlyIf = p => p.Profile.Email == replaced,
        };
        return await ChangeAsync(change, by) is PrincipalChangeResult.Done;
    }

    /// <summary>
    /// Handles a report that the person did not make a change. A stranger may know the password and have a session, so both are removed. The address becomes
    /// the one from which the person reported it.
    /// </summary>
    public async Task<bool> TryReportNotMeAsync(Principal principal, string address, Func<DateTimeOffset, Task> undo, AuditActor by)
    {
        var change = new PrincipalChange(
            principal,
            (set, before) =>
            {
                set.SetAddress(before, address, clock.GetUtcNow());
                set.SetProperty(p => p.PasswordHash, (string?)null).SetProperty(p => p.PasswordResetRequested, false);
            },
            AuditEvents.NotMeReported)
        {
            Also = undo,
        };
        return await ChangeAsync(change, by) is PrincipalChangeResult.Done;
    }

    /// <summary>
    /// Gives a service or provider a new refresh token. Without an overlap the old one and its access tokens are revoked. With an overlap the old one works
    /// until the overlap ends; a token from before the old one stops working at once.
    /// </summary>
    public async Task<RefreshToken?> TryRenewRefreshTokenAsync(Principal principal, TimeSpan overlap, AuditActor by)
    {
        var token = RefreshToken.New();
        var (hash, overlaps, replaced) = (token.Hash(), overlap > TimeSpan.Zero, principal.RefreshTokenHash);
        var previous = overlaps ? replaced : null;
        DateTimeOffset? until = overlaps ? clock.GetUtcNow() + overlap : null;
        var change = new PrincipalChange(
            principal,
            (set, _) => set.SetProperty(p => p.RefreshTokenHash, hash)
                .SetProperty(p => p.PreviousRefreshTokenHash, previous).SetProperty(p => p.PreviousRefreshTokenUntil, until),
            AuditEvents.RefreshTokenRenewed)
        {
            RevokesSessions = !overlaps,
            OnlyIf = p => p.RefreshTokenHash == replaced,
            Detail = overlaps ? $"the old one works until {until:O}" : null,
        };
        return await ChangeAsync(change, by) is PrincipalChangeResult.Done ? token : null;
    }

    /// <summary>Deletes the principal. The id stays taken, so that nobody else can get it. Everything that it could sign in with is removed.</summary>
    public Task<PrincipalChangeResult> DeleteAsync(Principal principal, AuditActor by) => ChangeAsync(
        new PrincipalChange(
            principal,
            (set, _) => set.SetProperty(p => p.State, PrincipalState.Deleted)
                .SetProperty(p => p.PasswordHash, (string?)null)
                .SetProperty(p => p.RefreshTokenHash, (byte[]?)null).SetProperty(p => p.PreviousRefreshTokenHash, (byte[]?)null),
            AuditEvents.PrincipalDeleted)
        {
            RemovesAdministrator = IsEnabledAdministrator(principal),
            RevokesDelegations = true,
            DeletesApiKeys = true,
            Also = _ => store.DeleteBelongingsAsync([principal.Number]),
        },
        by);

    /// <summary>Sets the fields that the change contains and leaves the others.</summary>
    public async Task<PrincipalChangeResult> ApplyAsync(Principal principal, PrincipalUpdate change, AuditActor by)
    {
        if (change.IsEmpty)
            return PrincipalChangeResult.Done;
        var (newRole, newState) = (change.Role ?? principal.Role, change.State ?? principal.State);
        return await ChangeAsync(
            new PrincipalChange(principal, (set, before) => set.Apply(before, change), AuditEvents.PrincipalChanged)
            {
                Detail = change.ToAuditText(),
                Profile = change.Profile,
                SetsPassword = change.PasswordHash is not null,
                RevokesSessions = change.PasswordHash is not null || newRole != principal.Role || newState != principal.State
                    || (change.PasswordResetRequested is true && principal.Type is PrincipalType.Person),
                RevokesImpersonations = change.CanImpersonate is false,
                RevokesDelegations = newState != principal.State, // also when it is enabled: what an older version left would be valid again
                RemovesAdministrator = IsEnabledAdministrator(principal) && (newRole is not Role.Admin || newState is not PrincipalState.Enabled),
                DeletesApiKeys = change.State is PrincipalState.Disabled,
            },
            by);
    }

    private static bool IsEnabledAdministrator(Principal principal) => principal is { Role: Role.Admin, State: PrincipalState.Enabled };

    /// <summary>
    /// Applies a change in one transaction. The operator on the command line may remove the last administrator: this stops a stolen account, and the command
    /// line can create another administrator.
    /// </summary>
    private async Task<PrincipalChangeResult> ChangeAsync(PrincipalChange change, AuditActor by)
    {
        var removesAdministrator = change.RemovesAdministrator && by.Kind is not AuditActorKind.CommandLine;
        var (result, ended) = await store.InAdministrationAsync(by, clock, change.Principal, removesAdministrator, async (held, now) =>
        {
            if (removesAdministrator && !held.Any(p => p.IsEnabledAdministrator && p.Number != change.Principal.Number))
                return (PrincipalChangeResult.LastAdministrator, 0);
            if (await store.FindHeldAsync(change.Principal.Number) is not { } before || !await TryUpdateAsync(change, before))
                return (PrincipalChangeResult.Conflict, 0);
            if (change.SetsPassword)
                await store.ForgetFailedSignInsAsync(PrincipalName.Of(change.Principal));
            if (change is { SetsPassword: true, IsByToken: false })
                await store.ForgetWrongCodesAsync(change.Principal);
            var ending = new SessionEnding(change.SetsPassword ? EndReason.PasswordChanged : EndReason.AccountChanged, by, now);
            var revoked = await RevokeAsync(change, ending);
            if (change.Also is { } also)
                await also(now);
            if (change.DeletesApiKeys)
                await apiKeys.DeleteAllAsync(change.Principal);
            // Links that went to an address that does not count are refused now, and would hold again once another address is confirmed.
            if (change.ReplacesAddressOf(before) || (change.ConfirmsAddress && !notices.AddressCounts(before)))
                await notices.VoidLinksAsync(before);
            foreach (var notice in change.NoticesTo(before, by))
                await notices.SendAsync(before, notice);
            await store.InsertAsync(by.CreateEntry(change.Event, now, change.Principal.Id, detail: change.Detail));
            return (PrincipalChangeResult.Done, revoked);
        });
        revocation.ReportPrincipalChange(ended);
        return result;
    }

    /// <returns>The number of revoked sessions.</returns>
    private async Task<int> RevokeAsync(PrincipalChange change, SessionEnding ending)
    {
        var revoked = change.RevokesSessions ? await revocation.RevokeAllWithinAsync(change.Principal, ending) : 0;
        if (change.RevokesSessions && change.Principal.Type is not PrincipalType.Person)
            await revocation.RevokeIssuedWithinAsync(change.Principal, ending);
        if (change.RevokesImpersonations)
            revoked += await revocation.RevokeImpersonationsWithinAsync(change.Principal, ending);
        if (change.RevokesDelegations)
            revoked += await revocation.RevokeExtendedByWithinAsync(change.Principal, ending);
        return revoked;
    }

    /// <returns>False when the principal is no longer the one that was read.</returns>
    private async Task<bool> TryUpdateAsync(PrincipalChange change, Principal before) => await store.WriteAsync(db => db.Set<Principal>()
        .Where(p => p.Number == change.Principal.Number && p.SecurityStamp == change.Principal.SecurityStamp && p.State != PrincipalState.Deleted)
        .Where(change.OnlyIf)
        .ExecuteUpdateAsync(set =>
        {
            change.Set(set, before);
            if (change.SetsPassword)
                set.SetProperty(p => p.LockedUntil, (DateTimeOffset?)null);
            if (change.RevokesSessions)
                set.SetProperty(p => p.SecurityStamp, p => p.SecurityStamp + 1);
        })) == 1;
}
