using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.IdentityProviders;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Recovery;

/// <summary>A person says of a notice that it was not them. It needs no sign-in: a stranger may have left them none.</summary>
internal sealed class NotMeService(
    NoticeLinkStore links, PrincipalChangeService changes, NotMeUndo undo, Store store, IOptionsMonitor<RecoveryOptions> options)
{
    /// <summary>The person is held first: a stranger who goes on changing the account must not be able to keep its owner from this.</summary>
    /// <returns>False when the token is unknown, used up or expired, or went to an address that does not count.</returns>
    public Task<bool> TryReportAsync(NotMeToken token, DateTimeOffset now, AuditActor by) => store.InTransactionAsync(
        async () => await links.FindPersonAsync(token.Hash()) is { } number
            && await store.FindHeldAsync(number) is { } person
            && await links.TryTakeAsync(token.Hash(), now) is { } link
            && MayTakeBack(person, link)
            && await TryUndoAsync(person, link, by),
        isKept: reported => reported);

    /// <summary>
    /// What is removed is put on record after the report: in SQLite the sessions that ended with an entry are those since the entry before it.
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

    /// <summary>Links from before the setting was switched off, or from an earlier version, went to addresses that do not count as well.</summary>
    private bool MayTakeBack(Principal person, NoticeLink link) => options.CurrentValue.TrustUnconfirmedAddresses
        || person.EmailVerifiedAt is not null
        || !MailAddress.AreSame(person.Profile.Email, link.Address);
}

/// <summary>Takes back what the notice told of, and what may be the stranger's since, in the caller's transaction.</summary>
internal sealed class NotMeUndo(
    SecondFactorStore factors, PasskeyStore passkeys, AddressConfirmationStore confirmations, NoticeLinkStore links, Store store)
{
    /// <returns>The audit events of what is removed, with their details.</returns>
    public async Task<List<(string Event, string Detail)>> RunAsync(NoticeLink link, DateTimeOffset now)
    {
        var (person, removed) = (link.PrincipalNumber, new List<(string, string)>());
        if ((link.RemovesTotp || await HasNewAppAsync(link)) && await factors.TryRemoveAsync(person))
            removed.Add((AuditEvents.SecondFactorRemoved, RemovedFactors.App));
        await store.WriteAsync($"DELETE FROM recovery_codes WHERE principal_number = {person}"); // nobody knows when they were made
        removed.AddRange(from passkey in await passkeys.RemoveSinceAsync(person, link.SentAt, link.PasskeyId)
                         select (AuditEvents.PasskeyRemoved, $"{passkey}"));
        var (sent, identity) = (UnixMicroseconds.From(link.SentAt), link.IdentityId ?? Guid.Empty);
        removed.AddRange(from account in await store.RemoveIdentityLinksAsync($"principal_number = {person} AND (id = {identity} OR created_at >= {sent})", now)
                         select (AuditEvents.IdentityUnlinked, account.ToAuditText()));
        await confirmations.VoidAsync(person);
        await links.DeleteLaterAsync(link);
        return removed;
    }

    /// <summary>Not every change is told of: mails are limited.</summary>
    private Task<bool> HasNewAppAsync(NoticeLink link) => store.ReadAsync(db => db.Set<TotpFactor>()
        .AnyAsync(app => app.PrincipalNumber == link.PrincipalNumber && app.ConnectedAt >= link.SentAt));
}
