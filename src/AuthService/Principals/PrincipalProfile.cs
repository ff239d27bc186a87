using System.Linq.Expressions;

namespace AuthService.Principals;

/// <summary>The profile of a principal: everything that does not affect its rights. Each field may be missing.</summary>
internal sealed record PrincipalProfile
{
    public string? FirstNames { get; set; }

    public string? LastName { get; set; }

    public string? Email { get; set; }

    public string? OrgId { get; set; }

    public string? Locale { get; set; }

    /// <summary>The address in the form in which addresses are compared. Nearly every mail server ignores the letter case.</summary>
    public string? FoldedEmail => Email is { } address ? PrincipalName.Fold(address.Trim()) : null;

    /// <summary>The texts that are set, in the order of <see cref="ProfileField.All"/>.</summary>
    public IEnumerable<string> Texts => ProfileField.All.Select(entry => entry.Get(this)).OfType<string>();

    /// <summary>Returns the text in which the administrator's search looks.</summary>
    public string ToSearchText(string foldedId)
    {
        var texts = ProfileField.All.Where(field => field.IsSearched).Select(field => field.Get(this)).OfType<string>();
        return PrincipalName.Fold(string.Join('\n', texts.Prepend(foldedId)));
    }
}

/// <summary>A field of the profile. All code that needs every field reads <see cref="All"/>.</summary>
/// <param name="Name">The name in requests and in the audit log.</param>
/// <param name="Column">The column, for statements.</param>
/// <param name="Get">Reads the field.</param>
/// <param name="Set">Writes the field.</param>
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

    /// <summary>Whether the administrator's search looks in this field.</summary>
    public bool IsSearched { get; private init; }
}

/// <summary>The fields of a profile that change, with their new values; null clears a field.</summary>
internal sealed record ProfileChange(IReadOnlyList<(ProfileField Field, string? Text)> Given)
{
    public static readonly ProfileChange None = new([]);

    public static ProfileChange Of(params IEnumerable<(ProfileField Field, Optional<string> Text)> fields) =>
        new([.. fields.Where(entry => entry.Text.IsGiven).Select(entry => (entry.Field, entry.Text.Value))]);

    /// <summary>Returns a change that sets every field to its value in <paramref name="profile"/>.</summary>
    public static ProfileChange To(PrincipalProfile profile) => new([.. ProfileField.All.Select(field => (field, field.Get(profile)))]);

    /// <returns>The fault of a text, with the name of the field; null when there is none.</returns>
    public string? FindFault() => Given.Where(entry => entry.Text is not null && !UnicodeText.IsLine(entry.Text))
        .Select(entry => $"{entry.Field.Name} must have at most {UnicodeText.LineForm}").FirstOrDefault();

    public PrincipalProfile ApplyTo(PrincipalProfile before)
    {
        var after = before with { };
        foreach (var (field, text) in Given)
            field.Set(after, text);
        return after;
    }
}
