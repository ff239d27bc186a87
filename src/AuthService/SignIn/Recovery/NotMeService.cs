using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions.PrincipalChanges;
using AuthService.SignIn.IdentityProviders;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// Takes a person's report that they did not do what a notice says. It needs no sign-in, because an attacker may have left them no way to sign in.
/// </summary>
internal sealed class NotMeService(
    NoticeLinkStore links, PrincipalChangeService changes, NotMeUndo undo, Store store, IOptionsMonitor<RecoveryOptions> options)
{
    /// <summary>Takes the report. It locks the person's row first, so that an attacker who keeps changing the account cannot prevent it.</summary>
    /// <returns>False when the token is unknown, used or expired, or was mailed to an address that is not trusted.</returns>
    public Task<bool> TryReportAsync(NotMeToken token, DateTimeOffset now, AuditActor by) => store.InTransactionAsync(
        async () => await links.FindPersonAsync(token.Hash()) is { } number
            && await store.FindHeldAsync(number) is { } person
            && await links.TryTakeAsync(token.Hash(), now) is { } link
            && MayTakeBack(person, link)
            && await TryUndoAsync(person, link, by),
        isKept: reported => reported);

    /// <summary>
    /// Takes the report and records the removals after it. In SQLite the sessions that ended with an audit entry are those since the entry before it.
    /// </summary>
    private async Task<bool> TryUndoAsync(Principal person, NoticeLink link, AuditActor by)
    {
        var entries = new List<AuditEntry>();
        var reported = await changes.TryReportNotMeAsync(
            person,
            link.Address,
            async now =>
            {
                foreach (var (name, detail) in await undo.RunAsync(link, now))
                    entries.Add(by.CreateEntry(name, now, person.Id, detail: detail));
            },
            by);
        if (reported)
            await store.InsertAsync([.. entries]);
        return reported;
    }

    /// <summary>
    /// Checks whether the address is trusted. Links from before the setting was switched off, or from an earlier version, also went to untrusted addresses.
    /// </summary>
    private bool MayTakeBack(Principal person, NoticeLink link) => options.CurrentValue.TrustUnconfirmedAddresses
        || person.EmailVerifiedAt is not null
        || !MailAddress.AreSame(person.Profile.Email, link.Address);
}

/// <summary>Reverts what the notice was about and removes what an attacker may have added since. Runs inside the caller's transaction.</summary>
internal sealed class NotMeUndo(
    SecondFactorStore factors, PasskeyStore passkeys, AddressConfirmationStore confirmations, NoticeLinkStore links, Store store)
{
    /// <returns>The audit events of the removals, with their details.</returns>
    public async Task<List<(string Event, string Detail)>> RunAsync(NoticeLink link, DateTimeOffset now)
    {
        var (person, removed) = (link.PrincipalNumber, new List<(string, string)>());
        if ((link.RemovesTotp || await HasNewAppAsync(link)) && await factors.TryRemoveAsync(person))
            removed.Add((AuditEvents.SecondFactorRemoved, RemovedFactors.App));
        await store.WriteAsync($"DELETE FROM recovery_codes WHERE principal_number = {person}"); // the time when they were made is not stored
        removed.AddRange(from passkey in await passkeys.RemoveSinceAsync(person, link.SentAt, link.PasskeyId)
                         select (AuditEvents.PasskeyRemoved, $"{passkey}"));
        var (sent, identity) = (UnixMicroseconds.From(link.SentAt), link.IdentityId ?? Guid.Empty);
        removed.AddRange(from account in await store.RemoveIdentityLinksAsync($"principal_number = {person} AND (id = {identity} OR created_at >= {sent})", now)
                         select (AuditEvents.IdentityUnlinked, account.ToAuditText()));
        await confirmations.VoidAsync(person);
        await links.DeleteLaterAsync(link);
        return removed;
    }

    /// <summary>Checks whether an app was connected after the notice. Not every change causes a notice, because mails are limited.</summary>
    private Task<bool> HasNewAppAsync(NoticeLink link) => store.ReadAsync(db => db.Set<TotpFactor>()
        .AnyAsync(app => app.PrincipalNumber == link.PrincipalNumber && app.ConnectedAt >= link.SentAt));
}
