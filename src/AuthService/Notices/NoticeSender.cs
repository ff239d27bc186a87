using AuthService.Mail;
using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Notices;

/// <summary>A notice to a person, and what its link "it wasn't me" undoes.</summary>
/// <param name="Kind">A kind of mail, with or without an optional link.</param>
internal sealed record Notice(MailKind Kind)
{
    /// <summary>The fields of the mail, except the link.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    public Guid? PasskeyId { get; init; }

    public bool RemovesTotp { get; init; }

    public Guid? IdentityId { get; init; }

    /// <summary>Whether the mail may have the link "it wasn't me"; false when the event must not be undone with it.</summary>
    public bool HasLink { get; init; } = true;

    /// <summary>Creates a notice with the fields of its mail, except the link.</summary>
    public static Notice Of(MailKind kind, params IReadOnlyList<(string Name, string? Value)> fields) =>
        new(kind) { Fields = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal) };
}

/// <summary>
/// Notifies people by mail of what happened to their account, inside the transaction in which it happens. Nothing is sent when mail is not configured
/// or the person has no address.
/// </summary>
internal sealed class NoticeSender(
    MailOutbox outbox, MailLinks links, NoticeLinkStore kept, IOptionsMonitor<RecoveryOptions> options, TimeProvider clock)
{
    /// <param name="person">The person before the change: a notice of a new address goes to the old one.</param>
    /// <param name="notice">The notice.</param>
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

    /// <summary>Voids all links "it wasn't me" that were mailed to the person before. Runs inside the caller's transaction.</summary>
    public Task VoidLinksAsync(Principal person) => kept.DeleteAllAsync(person.Number);

    /// <summary>Whether mail to the person's address proves who they are.</summary>
    public bool AddressCounts(Principal person) => options.CurrentValue.CountsAddressOf(person);

    /// <summary>
    /// Checks whether the notice may have a link. Using it confirms the address and allows the person to set a new password, so the address must be
    /// trusted for that.
    /// </summary>
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
