using AuthService.Mail;
using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Notices;

/// <summary>What a person is told of, and what their "it wasn't me" undoes.</summary>
/// <param name="Kind">A mail with an optional link, or none.</param>
internal sealed record Notice(MailKind Kind)
{
    /// <summary>The fields of the mail but the link.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public Guid? PasskeyId { get; init; }

    public bool RemovesTotp { get; init; }

    public Guid? IdentityId { get; init; }

    /// <summary>False of what no "it wasn't me" may take back.</summary>
    public bool HasLink { get; init; } = true;
}

/// <summary>
/// Tells people by mail what happened to their account, in the transaction in which it happens. Nobody is told where no mail is sent, or who has
/// no address.
/// </summary>
internal sealed class NoticeSender(
    MailOutbox outbox, MailLinks links, NoticeLinkStore kept, IOptionsMonitor<RecoveryOptions> options, TimeProvider clock)
{
    /// <param name="person">As they were before: a notice of a new address goes to the old one.</param>
    /// <param name="notice">What happened.</param>
    public async Task SendAsync(Principal person, Notice notice)
    {
        if (!outbox.IsConfigured || person.Type is not PrincipalType.Person || person.Profile.Email?.Trim() is not { Length: > 0 } address)
            return;
        var token = MayHaveLink(person, notice) ? NotMeToken.New() : null;
        var fields = new Dictionary<string, string?>(notice.Fields, StringComparer.Ordinal);
        if (token is not null)
            fields[MailField.Link] = links.ToNotMe(token);
        if (await outbox.TryEnqueueAsync(new MailDraft(notice.Kind, address, person.GreetingName, person.Profile.Locale, fields)) && token is not null)
            await kept.AddAsync(Create(token, person, address, notice));
    }

    /// <summary>Nobody takes anything back any more with what was mailed to this person before; inside the caller's transaction.</summary>
    public Task VoidLinksAsync(Principal person) => kept.DeleteAllAsync(person.Number);

    /// <summary>Whether mail to the person's address proves who they are.</summary>
    public bool AddressCounts(Principal person) => person.EmailVerifiedAt is not null || options.CurrentValue.TrustUnconfirmedAddresses;

    /// <summary>Whoever presses it shows that the address is theirs, and can choose a new password: only where the address counts for that.</summary>
    private bool MayHaveLink(Principal person, Notice notice) => notice.HasLink && notice.Kind.Optional.Contains(MailField.Link, StringComparer.Ordinal)
        && AddressCounts(person);

    private NoticeLink Create(NotMeToken token, Principal person, string address, Notice notice) => new()
    {
        TokenHash = token.Hash(),
        PrincipalNumber = person.Number,
        Address = address,
        PasskeyId = notice.PasskeyId,
        RemovesTotp = notice.RemovesTotp,
        IdentityId = notice.IdentityId,
        ExpireAt = clock.GetUtcNow() + NoticeLink.Lifetime,
    };
}
