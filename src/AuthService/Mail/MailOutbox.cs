using System.Text.Json;

namespace AuthService.Mail;

/// <param name="Kind">What it tells.</param>
/// <param name="Address">Whom it is to.</param>
/// <param name="Name">How the person is greeted.</param>
/// <param name="Locale">The person's; null for the default.</param>
/// <param name="Fields">The fields of the kind, by <see cref="MailField"/>; an optional one that is absent is left out or null.</param>
internal sealed record MailDraft(MailKind Kind, string Address, string Name, string? Locale, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>Those whom it is for, where the kind is for several.</summary>
    public IReadOnlyList<MailPerson> People { get; init; } = [];

    /// <summary>The number of the person who names the address, where they may name any: they have a budget as well, whatever addresses they name.</summary>
    public long? AskedBy { get; init; }

    /// <summary>Whatever is in it may be secret.</summary>
    public override string ToString() => $"MailDraft {Kind.Name}";
}

/// <summary>Takes mails in the transaction of what they tell of. Any instance sends them once that is committed.</summary>
internal sealed class MailOutbox(MailStore mails, MailAvailability availability, TimeProvider clock, ILogger<MailOutbox> logger)
{
    /// <summary>Whether mails are sent. Where one is the point, the call is refused otherwise; a notice is left out.</summary>
    public bool IsConfigured => availability.IsConfigured;

    /// <summary>Inside the caller's transaction, which takes the mail back with everything else.</summary>
    /// <returns>
    /// False when none was written: no mail is sent here, nobody can be reached at the address, or it (or whoever named it) has had as many of the kind as
    /// it may within an hour. What stands in the transaction then has to be taken back.
    /// </returns>
    /// <exception cref="ArgumentException">The fields are not those of the kind.</exception>
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
            || (draft.AskedBy is { } person && !await mails.TryUseBudgetAsync(draft.Kind.HashFor(person), now)))
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

/// <summary>Whom a mail is to and what it says, to be sealed.</summary>
internal sealed record MailContent(string Address, string Name, string? Locale, Dictionary<string, string> Fields)
{
    public IReadOnlyList<MailPerson> People { get; init; } = [];

    public static MailContent From(byte[] bytes) => JsonSerializer.Deserialize<MailContent>(bytes, JsonSerializerOptions.Default)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Default);

    public override string ToString() => "[mail content]";
}
