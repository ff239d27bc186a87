using System.Linq.Expressions;

namespace AuthService.Principals;

/// <summary>What is known of a principal beside its rights. Each field may be missing.</summary>
internal sealed record PrincipalProfile
{
    public string? FirstNames { get; set; }

    public string? LastName { get; set; }

    public string? Email { get; set; }

    public string? OrgId { get; set; }

    public string? Locale { get; set; }

    /// <summary>Mail to an address arrives in whatever letter case it is written, but for very few servers.</summary>
    public string? FoldedEmail => Email is { } address ? PrincipalName.Fold(address.Trim()) : null;

    /// <summary>The texts that are there, in the order of <see cref="ProfileField.All"/>.</summary>
    public IEnumerable<string> Texts => ProfileField.All.Select(entry => entry.Get(this)).OfType<string>();

    /// <summary>What the administrator's search finds a principal by.</summary>
    public string ToSearchText(string foldedId)
    {
        var texts = ProfileField.All.Where(field => field.IsSearched).Select(field => field.Get(this)).OfType<string>();
        return PrincipalName.Fold(string.Join('\n', texts.Prepend(foldedId)));
    }
}

/// <summary>The table of the profile's fields. Whatever must know each of them reads it here.</summary>
/// <param name="Name">As requests and the audit log call it.</param>
/// <param name="Column">For statements.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it.</param>
internal sealed record ProfileField(
    string Name, Expression<Func<Principal, string?>> Column, Func<PrincipalProfile, string?> Get, Action<PrincipalProfile, string?> Set)
{
    public static readonly ProfileField FirstNames = new(
        "firstNames", p => p.Profile.FirstNames, p => p.FirstNames, (p, text) => p.FirstNames = text)
    { IsSearched = true };
    public static readonly ProfileField LastName = new(
        "lastName", p => p.Profile.LastName, p => p.LastName, (p, text) => p.LastName = text)
    { IsSearched = true };
    public static readonly ProfileField Email = new("email", p => p.Profile.Email, p => p.Email, (p, text) => p.Email = text) { IsSearched = true };
    public static readonly ProfileField OrgId = new("orgId", p => p.Profile.OrgId, p => p.OrgId, (p, text) => p.OrgId = text);
    public static readonly ProfileField Locale = new("locale", p => p.Profile.Locale, p => p.Locale, (p, text) => p.Locale = text);

    public static readonly IReadOnlyList<ProfileField> All = [FirstNames, LastName, Email, OrgId, Locale];

    /// <summary>Whether the administrator's search looks into it.</summary>
    public bool IsSearched { get; private init; }
}

/// <summary>Which fields of a profile change, and to what; null empties a field.</summary>
internal sealed record ProfileChange(IReadOnlyList<(ProfileField Field, string? Text)> Given)
{
    public static readonly ProfileChange None = new([]);

    public static ProfileChange Of(params IEnumerable<(ProfileField Field, Optional<string> Text)> fields) =>
        new([.. fields.Where(entry => entry.Text.IsGiven).Select(entry => (entry.Field, entry.Text.Value))]);

    /// <summary>Every field as it stands in <paramref name="profile"/>.</summary>
    public static ProfileChange To(PrincipalProfile profile) => new([.. ProfileField.All.Select(field => (field, field.Get(profile)))]);

    /// <returns>What is wrong with a text, in words that name the field; null when nothing is.</returns>
    public string? FindFault() => Given.Where(entry => entry.Text is not null && !UnicodeText.IsLine(entry.Text))
        .Select(entry => $"{entry.Field.Name} must have at most {UnicodeText.LongestLine} characters, none of them a control character").FirstOrDefault();

    public PrincipalProfile ApplyTo(PrincipalProfile before)
    {
        var after = before with { };
        foreach (var (field, text) in Given)
            field.Set(after, text);
        return after;
    }
}
