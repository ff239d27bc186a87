using System.Globalization;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
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

/// <summary>
/// Mails links for a new password to an address, in the caller's transaction: one mail with a link for each person who has it, so that none of them waits
/// for a place among the mails that it gets in an hour. It goes to the address as they have it: one that is only written alike can be another's mailbox.
/// </summary>
internal sealed class PasswordResetMails(
    RecoveryStore people, PasswordResetStore resets, MailOutbox outbox, MailLinks links, IOptionsMonitor<RecoveryOptions> options)
{
    /// <summary>In one mail; it says so where more have the address.</summary>
    private const int MostPeople = 10;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public async Task SendAsync(RecoveryRequest request)
    {
        var found = await people.FindPeopleAsync(request.FoldedEmail, !options.CurrentValue.TrustUnconfirmedAddresses, MostPeople + 1);
        foreach (var mailbox in found.Take(MostPeople).GroupBy(person => MailAddress.MailboxOf(person.Profile.Email!), StringComparer.Ordinal))
            await SendAsync([.. mailbox], request, isWhole: found.Count <= MostPeople);
    }

    private async Task SendAsync(IReadOnlyList<Principal> found, RecoveryRequest request, bool isWhole)
    {
        var given = found.Select(person => (Person: person, Token: PasswordResetToken.New())).ToList();
        var draft = given is [var (person, token)] ? CreateDraft(person, token) : CreateDraft(given, isWhole);
        if (!await outbox.TryEnqueueAsync(draft))
            return;
        foreach (var (of, secret) in given)
            await resets.AddMailedAsync(secret, of, Lifetime, new AuditActor(Actor: null, request.IpAddress));
    }

    private static Dictionary<string, string?> CreateFields() => new(StringComparer.Ordinal)
    {
        [MailField.Minutes] = Lifetime.TotalMinutes.ToString(CultureInfo.InvariantCulture),
    };

    private MailDraft CreateDraft(Principal person, PasswordResetToken token)
    {
        var fields = CreateFields();
        fields[MailField.Link] = links.ToPasswordReset(token);
        return new MailDraft(MailKind.PasswordReset, person.Profile.Email!.Trim(), person.GreetingName, person.Profile.Locale, fields);
    }

    /// <summary>It greets the address, in the language of the first.</summary>
    private MailDraft CreateDraft(List<(Principal Person, PasswordResetToken Token)> given, bool isWhole)
    {
        var fields = CreateFields();
        fields[MailField.Shown] = isWhole ? null : MostPeople.ToString(CultureInfo.InvariantCulture);
        var first = given[0].Person.Profile;
        return new MailDraft(MailKind.PasswordResets, first.Email!.Trim(), first.Email!.Trim(), first.Locale, fields)
        {
            People = [.. given.Select(one => new MailPerson(one.Person.Id, links.ToPasswordReset(one.Token)))],
        };
    }
}
