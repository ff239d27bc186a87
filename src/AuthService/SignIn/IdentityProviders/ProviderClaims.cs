using System.Text.Json;
using AuthService.Principals;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>The claims of a provider: those of the ID token, and for claims missing there, those of its userinfo endpoint.</summary>
internal sealed class ProviderClaims(JsonElement token, JsonElement? userInfo)
{
    private const string EmailClaim = "email";

    /// <summary>The methods with which the person signed in there (RFC 8176).</summary>
    public IReadOnlyList<string> Methods => [.. TextsOf(Find(token, "amr"))];

    public string? Email => FindText(EmailClaim);

    /// <summary>Whether the source of the address says JSON true. A text such as "true" or "false" counts as not verified.</summary>
    public bool IsEmailVerified => SourceOf(EmailClaim) is { } source && Find(source, "email_verified") is { ValueKind: JsonValueKind.True };

    public string? FindOfToken(string name) => Find(token, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <returns>Null when the claim is missing or is not a single line of text.</returns>
    public string? FindText(string name) =>
        SourceOf(name) is { } source && Find(source, name) is { ValueKind: JsonValueKind.String } text
            && text.GetString()!.Trim() is { Length: > 0 } line && UnicodeText.IsLine(line) ? line : null;

    /// <summary>Checks whether the claim equals or contains one of the values.</summary>
    public bool Has(string name, IEnumerable<string> values) =>
        SourceOf(name) is { } source && TextsOf(Find(source, name)).Intersect(values, StringComparer.Ordinal).Any();

    private JsonElement? SourceOf(string name)
    {
        if (Find(token, name) is not null)
            return token;
        return userInfo is { } further && Find(further, name) is not null ? further : null;
    }

    private static IEnumerable<string> TextsOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list =>
            list.EnumerateArray().Where(entry => entry.ValueKind is JsonValueKind.String).Select(entry => entry.GetString()!),
        _ => [],
    };

    /// <summary>Finds a claim; a whole name comes before a path, because some names contain dots.</summary>
    private static JsonElement? Find(JsonElement source, string name)
    {
        if (source.ValueKind is not JsonValueKind.Object)
            return null;
        if (source.TryGetProperty(name, out var value))
            return value.ValueKind is JsonValueKind.Null ? null : value;
        return name.Split('.', 2) is [var first, var rest] && source.TryGetProperty(first, out var inner) ? Find(inner, rest) : null;
    }
}

/// <summary>Reads the <c>amr</c> claim of a provider.</summary>
internal static class ProviderMethods
{
    private static readonly string[] Known = ["pwd", "pin", "kba"];
    private static readonly string[] Owned = ["otp", "hwk", "swk", "pop", "sc", "sms", "tel"];
    private static readonly string[] Grown = ["face", "fpt", "iris", "retina", "vbm"];

    /// <summary>Checks whether the methods show two factors: the provider says so, or there are methods of two kinds (RFC 8176, section 2).</summary>
    public static bool ShowSeveral(IReadOnlyList<string> methods) =>
        methods.Contains(Sessions.AuthenticationMethods.Several, StringComparer.Ordinal)
        || new[] { Known, Owned, Grown }.Count(kind => kind.Intersect(methods, StringComparer.Ordinal).Any()) > 1;
}
