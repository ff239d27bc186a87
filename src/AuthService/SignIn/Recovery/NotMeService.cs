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
            && await changes.TryReportNotMeAsync(person, link.Address, () => undo.RunAsync(link, now), by),
        isKept: reported => reported);

    /// <summary>Links from before the setting was switched off, or from an earlier version, went to addresses that do not count as well.</summary>
    private bool MayTakeBack(Principal person, NoticeLink link) => options.CurrentValue.TrustUnconfirmedAddresses
        || person.EmailVerifiedAt is not null
        || !MailAddress.AreSame(person.Profile.Email, link.Address);
}

/// <summary>Takes back what the notice told of, and what may be the stranger's since, in the caller's transaction.</summary>
internal sealed class NotMeUndo(
    SecondFactorStore factors, PasskeyStore passkeys, AddressConfirmationStore confirmations, NoticeLinkStore links, Store store)
{
    public async Task RunAsync(NoticeLink link, DateTimeOffset now)
    {
        var person = link.PrincipalNumber;
        if (link.RemovesTotp || await HasNewAppAsync(link))
            await factors.TryRemoveAsync(person);
        await store.WriteAsync($"DELETE FROM recovery_codes WHERE principal_number = {person}"); // nobody knows when they were made
        if (link.PasskeyId is { } passkey)
            await passkeys.TryRemoveAsync(person, passkey);
        await store.WriteAsync(db => db.Set<Passkey>().Where(made => made.PrincipalNumber == person && made.CreatedAt >= link.SentAt).ExecuteDeleteAsync());
        var (sent, identity) = (UnixMicroseconds.From(link.SentAt), link.IdentityId ?? Guid.Empty);
        await store.RemoveIdentityLinksAsync($"principal_number = {person} AND (id = {identity} OR created_at >= {sent})", now);
        await confirmations.VoidAsync(person);
        await links.DeleteLaterAsync(link);
    }

    /// <summary>Not every change is told of: mails are limited.</summary>
    private Task<bool> HasNewAppAsync(NoticeLink link) => store.ReadAsync(db => db.Set<TotpFactor>()
        .AnyAsync(app => app.PrincipalNumber == link.PrincipalNumber && app.ConnectedAt >= link.SentAt));
}
