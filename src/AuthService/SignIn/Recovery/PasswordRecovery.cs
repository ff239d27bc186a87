using System.Globalization;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// People who have forgotten their password get a link to a new one by mail. A request is only put down; <see cref="TryServeAsync"/> looks up whose
/// address it is, so that the answer takes the same time for every address.
/// </summary>
internal sealed class PasswordRecovery(
    RecoveryStore requests, PasswordResetMails mails, RecoverySignal signal, Store store, TimeProvider clock)
{
    public async Task RequestAsync(MailAddress address, AuditActor by)
    {
        var now = clock.GetUtcNow();
        await requests.AddAsync(new RecoveryRequest
        {
            Id = Guid.CreateVersion7(now),
            FoldedEmail = PrincipalName.Fold(address.Text),
            IpAddress = by.IpAddress,
            ExpireAt = now + RecoveryRequest.Lifetime,
        });
        signal.Raise();
    }

    /// <summary>Serves one request.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> TryServeAsync() => store.InTransactionAsync(async () =>
    {
        if (await requests.TryTakeAsync(clock.GetUtcNow()) is not { } request)
            return false;
        await mails.SendAsync(request);
        return true;
    });
}

/// <summary>Mails a link for a new password to everybody who has an address, in the caller's transaction.</summary>
internal sealed class PasswordResetMails(
    RecoveryStore people, PasswordResetStore resets, MailOutbox outbox, MailLinks links, IOptionsMonitor<RecoveryOptions> options)
{
    /// <summary>With one address: no more mails of a kind go to it in an hour.</summary>
    private const int MostPeople = 3;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public async Task SendAsync(RecoveryRequest request)
    {
        var onlyConfirmed = !options.CurrentValue.TrustUnconfirmedAddresses;
        foreach (var person in await people.FindPeopleAsync(request.FoldedEmail, onlyConfirmed, MostPeople))
            await SendAsync(person, new AuditActor(Actor: null, request.IpAddress));
    }

    private async Task SendAsync(Principal person, AuditActor by)
    {
        var token = PasswordResetToken.New();
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [MailField.Link] = links.ToPasswordReset(token),
            [MailField.Minutes] = Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture),
        };
        var draft = new MailDraft(MailKind.PasswordReset, person.Profile.Email!, person.GreetingName, person.Profile.Locale, fields);
        if (await outbox.TryEnqueueAsync(draft))
            await resets.AddMailedAsync(token, person, Lifetime, by);
    }
}
