using System.Text.Json;

namespace AuthService.Mail;

/// <summary>A mail to store in the outbox.</summary>
/// <param name="Kind">The kind of mail.</param>
/// <param name="Address">The recipient's address.</param>
/// <param name="Name">The name in the greeting.</param>
/// <param name="Locale">The person's locale; null for the default.</param>
/// <param name="Fields">The fields of the kind, by <see cref="MailField"/>. An absent optional field is left out or null.</param>
internal sealed record MailDraft(MailKind Kind, string Address, string Name, string? Locale, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>The recipients, if the kind is for several people.</summary>
    public IReadOnlyList<MailPerson> People { get; init; } = [];

    /// <summary>The number of the person who named the address, if they could name any. They have a limit of their own, for all addresses together.</summary>
    public long? RequestedBy { get; init; }

    /// <summary>Omits the content, which may be secret.</summary>
    public override string ToString() => $"MailDraft {Kind.Name}";
}

/// <summary>Stores mails in the transaction of the event that they report. Any instance sends them after the commit.</summary>
internal sealed class MailOutbox(MailStore mails, MailAvailability availability, TimeProvider clock, ILogger<MailOutbox> logger)
{
    /// <summary>Whether mails are sent. If not, requests that need a mail are refused, and notices are left out.</summary>
    public bool IsConfigured => availability.IsConfigured;

    /// <summary>Stores a mail in the caller's transaction; a rollback removes it too.</summary>
    /// <returns>
    /// False when no mail was stored: mail is not configured, the address cannot be used, or the address or the person who named it has reached the limit per
    /// hour. With <see cref="MailDraft.RequestedBy"/> the caller must then roll back, because the mail may already count for the address.
    /// </returns>
    /// <exception cref="ArgumentException">The fields do not match the kind.</exception>
    public async Task<bool> TryEnqueueAsync(MailDraft draft)
    {
        var fields = Check(draft);
        if (!IsConfigured)
            return false;
        if (!MailAddress.TryParse(draft.Address, out var address))
        {
            MailLog.AddressUnusable(logger, draft.Kind.Name);
            return false;
        }

        var now = clock.GetUtcNow();
        if (!await mails.TryUseBudgetAsync(address.HashFor(draft.Kind), now)
            || (draft.RequestedBy is { } person && !await mails.TryUseBudgetAsync(draft.Kind.HashFor(person), now)))
        {
            MailLog.BudgetUsedUp(logger, draft.Kind.Name);
            return false;
        }

        await mails.AddAsync(draft.Kind, new MailContent(address.Text, draft.Name, draft.Locale, fields) { People = draft.People }, now);
        return true;
    }

    private static Dictionary<string, string> Check(MailDraft draft)
    {
        var given = draft.Fields.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal);
        string[] people = draft.People.Count > 0 ? [MailField.People] : [];
        if (draft.Kind.Required.Except([.. given.Keys, .. people], StringComparer.Ordinal).FirstOrDefault() is { } missing)
            throw new ArgumentException($"A mail {draft.Kind.Name} needs the field {missing}", nameof(draft));
        if (given.Keys.Concat(people).Except(draft.Kind.Fields, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"A mail {draft.Kind.Name} has no field {unknown}", nameof(draft));
        if (given.GetValueOrDefault(MailField.Factor) is { } factor && !MailFactor.All.Contains(factor, StringComparer.Ordinal))
            throw new ArgumentException($"A mail knows no factor {factor}", nameof(draft));
        return given;
    }
}

/// <summary>The recipient and the content of a mail, which are stored encrypted.</summary>
internal sealed record MailContent(string Address, string Name, string? Locale, Dictionary<string, string> Fields)
{
    public IReadOnlyList<MailPerson> People { get; init; } = [];

    public static MailContent From(byte[] bytes) => JsonSerializer.Deserialize<MailContent>(bytes, JsonSerializerOptions.Default)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Default);

    public override string ToString() => "[mail content]";
}
