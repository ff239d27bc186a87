using System.Text.Json;
using AuthService.Principals;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Who somebody is at a provider, proved by an ID token that holds.</summary>
/// <param name="Issuer">The provider's name of itself.</param>
/// <param name="Subject">What it calls them, for good; never an address.</param>
/// <param name="Claims">What else it says.</param>
internal sealed record ProviderIdentity(string Issuer, string Subject, ProviderClaims Claims)
{
    /// <summary>OpenID Connect Core 1.0, section 2; the session id is held to it as well.</summary>
    private const int LongestId = 255;

    /// <summary>The session there, by which the provider ends it (OpenID Connect Back-Channel Logout 1.0).</summary>
    public string? SessionId { get; private init; }

    /// <exception cref="ProviderException">The provider calls them by no name that can be kept.</exception>
    public static ProviderIdentity Of(ProviderClaims claims)
    {
        var (issuer, subject, session) = (claims.FindOfToken("iss"), claims.FindOfToken("sub"), claims.FindOfToken("sid"));
        if (!IsId(issuer) || !IsId(subject))
            throw new ProviderException($"the ID token has no sub of 1 to {LongestId} characters");
        if (session is not null && !IsId(session))
            throw new ProviderException($"the ID token has no sid of 1 to {LongestId} characters");
        return new ProviderIdentity(issuer!, subject!, claims) { SessionId = session };
    }

    public static bool IsId(string? text) =>
        text is { Length: > 0 and <= LongestId } && !text.Any(char.IsControl) && UnicodeText.IsWellFormed(text);
}

/// <summary>What a provider says of somebody: in the ID token, and where that is silent at its userinfo endpoint.</summary>
internal sealed class ProviderClaims(JsonElement token, JsonElement? userInfo)
{
    private const string EmailClaim = "email";

    /// <summary>How they signed in there (RFC 8176).</summary>
    public IReadOnlyList<string> Methods => [.. TextsOf(Find(token, "amr"))];

    public string? Email => FindText(EmailClaim);

    /// <summary>JSON true beside the address itself: the text "false" is not false, and the text "true" not true.</summary>
    public bool IsEmailVerified => SourceOf(EmailClaim) is { } source && Find(source, "email_verified") is { ValueKind: JsonValueKind.True };

    public string? FindOfToken(string name) => Find(token, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <returns>Null when it is missing or no line of text.</returns>
    public string? FindText(string name) =>
        SourceOf(name) is { } source && Find(source, name) is { ValueKind: JsonValueKind.String } text
            && text.GetString()!.Trim() is { Length: > 0 } line && UnicodeText.IsLine(line) ? line : null;

    /// <summary>Whether one of the values is the claim's, or among them.</summary>
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

    /// <summary>A whole name first: some have dots in them.</summary>
    private static JsonElement? Find(JsonElement source, string name)
    {
        if (source.ValueKind is not JsonValueKind.Object)
            return null;
        if (source.TryGetProperty(name, out var value))
            return value.ValueKind is JsonValueKind.Null ? null : value;
        return name.Split('.', 2) is [var first, var rest] && source.TryGetProperty(first, out var inner) ? Find(inner, rest) : null;
    }
}

/// <summary>What the <c>amr</c> of a provider shows.</summary>
internal static class ProviderMethods
{
    private static readonly string[] Known = ["pwd", "pin", "kba"];
    private static readonly string[] Owned = ["otp", "hwk", "swk", "pop", "sc", "sms", "tel"];
    private static readonly string[] Grown = ["face", "fpt", "iris", "retina", "vbm"];

    /// <summary>Two factors: said so, or one of each of two kinds (RFC 8176, section 2).</summary>
    public static bool ShowSeveral(IReadOnlyList<string> methods) =>
        methods.Contains(Sessions.AuthenticationMethods.Several, StringComparer.Ordinal)
        || new[] { Known, Owned, Grown }.Count(kind => kind.Intersect(methods, StringComparer.Ordinal).Any()) > 1;
}
