using System.Globalization;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions.PrincipalChanges;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn.Recovery;

/// <summary>Changes a person's address after they have shown that they read the mail of the new one.</summary>
internal sealed class AddressChange(AddressConfirmationStore confirmations, AddressMails mails, PrincipalChangeService changes, Store store, TimeProvider clock)
{
    /// <returns>False when too many links were mailed to this address or for this person.</returns>
    public Task<bool> TryBeginAsync(Principal person, MailAddress address, AuditActor by) => store.InTransactionOfAsync(
        by,
        clock,
        async now =>
        {
            var token = AddressToken.New();
            if (!await mails.TrySendAsync(person, address, token))
                return false;
            await confirmations.ReplaceAsync(new AddressConfirmation
            {
                TokenHash = token.Hash(),
                PrincipalNumber = person.Number,
                SecurityStamp = person.SecurityStamp,
                Address = address.Text,
                Replaced = MailAddress.MailboxOf(person.Profile.Email),
                SessionId = by.SessionId,
                ExpireAt = now + AddressConfirmation.Lifetime,
            });
            await store.InsertAsync(by.CreateEntry(AuditEvents.EmailChangeRequested, now, person.Id));
            return true;
        },
        isKept: sent => sent);

    /// <returns>False when the token is unknown, used, void or expired, or when the session that requested the change was revoked.</returns>
    public async Task<bool> TryConfirmAsync(AddressToken token, AuditActor by)
    {
        var hash = token.Hash();
        if (await confirmations.FindAsync(hash, clock.GetUtcNow()) is not var (confirmation, person))
            return false;
        return await store.InTransactionAsync(
            async () => await store.FindHeldAsync(person.Number) is not null // locked before the link, in the order that every change of the person uses
                && await confirmations.TryUseAsync(hash)
                && await changes.TryConfirmAddressAsync(person, confirmation.Address, by),
            isKept: confirmed => confirmed);
    }
}

/// <summary>Mails a link to the new address and a notice to the old one.</summary>
internal sealed class AddressMails(MailOutbox outbox, MailLinks links, NoticeSender notices)
{
    public async Task<bool> TrySendAsync(Principal person, MailAddress address, AddressToken token)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [MailField.Link] = links.ToConfirmAddress(token),
            [MailField.Minutes] = AddressConfirmation.Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture),
        };
        // The person chooses the name, and the mailbox may be somebody else's: the mail contains nothing that the person wrote.
        var draft = new MailDraft(MailKind.ConfirmAddress, address.Text, address.Text, person.Profile.Locale, fields) { RequestedBy = person.Number };
        if (!await outbox.TryEnqueueAsync(draft))
            return false;
        if (!MailAddress.AreSame(person.Profile.Email, address.Text))
            await notices.SendAsync(person, AddressNotices.Requested(address.Text));
        return true;
    }
}
