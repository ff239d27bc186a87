using System.Globalization;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// Mails links for a new password to an address, in the caller's transaction. People who share the address get one mail with a link for each of them,
/// because the mails to an address per hour are limited. It goes to the address as these people have it: an address that only folds to the same text can be
/// another mailbox.
/// </summary>
internal sealed class PasswordResetMails(
    RecoveryStore people, PasswordResetStore resets, MailOutbox outbox, MailLinks links, IOptionsMonitor<RecoveryOptions> options)
{
    /// <summary>The most people in one mail. The mail says so when more people have the address.</summary>
    private const int MostPeople = 10;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Tells whether the person gets a link for their address on record, by the rule of <see cref="RecoveryStore.FindPeopleAsync"/>.</summary>
    public bool Reaches(Principal person) => outbox.IsConfigured && options.CurrentValue.CountsAddressOf(person)
        && person is { Type: PrincipalType.Person, State: PrincipalState.Enabled } && MailAddress.TryParse(person.Profile.Email?.Trim(), out _);

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

    /// <summary>Creates a mail for several people. It greets the address, in the language of the first person.</summary>
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
