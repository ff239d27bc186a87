using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Secrets that must not appear in a log or a database, in any form in which they could be written.</summary>
internal sealed class Secrets
{
    private readonly Dictionary<string, List<byte[]>> _secrets = new(StringComparer.Ordinal);

    private readonly List<(string What, Regex Pattern)> _digits = [];

    public int Count => _secrets.Count;

    public Secrets Add(string what, string text) => Add(what, Encoding.UTF8.GetBytes(text));

    public Secrets Add(string what, byte[] bytes)
    {
        if (!_secrets.TryGetValue(what, out var known))
            _secrets[what] = known = [];
        known.Add(bytes);
        return this;
    }

    /// <summary>Adds the signature of a JWT. The other parts are not secret on their own.</summary>
    public Secrets AddJwt(string what, string jwt) => AddRandom(what, jwt.Split('.')[2]);

    /// <summary>Adds an opaque token without its prefix, which is not secret and may have been removed.</summary>
    public Secrets AddToken(string what, string token) => AddRandom(what, token[(token.IndexOf('_', StringComparison.Ordinal) + 1)..]);

    /// <summary>Adds a code of a few digits. Only separate digits count, because longer numbers contain them by chance.</summary>
    public Secrets AddDigits(string what, string digits)
    {
        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
        _digits.Add((what, new Regex($@"(?<![\w.,+-]){digits}(?![\w.,-])", Options, TimeSpan.FromSeconds(10))));
        return this;
    }

    public Secrets Add(string what, SignedIn session) => AddJwt($"{what}: access token", session.AccessToken)
        .AddRandom($"{what}: CSRF token", session.CsrfToken)
        .AddToken($"{what}: refresh token", session.RefreshToken);

    public void ExpectNoneIn(string where, IReadOnlyCollection<string> texts)
    {
        var forms = _secrets.SelectMany(secret => secret.Value.SelectMany(FormsOf).Select(form => (What: secret.Key, Form: form))).ToList();
        var any = SearchValues.Create([.. forms.Select(secret => secret.Form)], StringComparison.OrdinalIgnoreCase);
        var leaks = from text in texts
                    where text.AsSpan().ContainsAny(any)
                    from secret in forms
                    let at = text.IndexOf(secret.Form, StringComparison.OrdinalIgnoreCase)
                    where at >= 0
                    select $"{secret.What} as \"{secret.Form}\" in {where}: {text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 400)]}";
        var digits = from secret in _digits
                     from text in texts
                     let found = secret.Pattern.Match(text)
                     where found.Success
                     select $"{secret.What} {found.Value} in {where}: {text[..Math.Min(text.Length, 400)]}";
        Assert.False(digits.Any(), string.Join('\n', digits.Take(5)));
        Assert.False(leaks.Any(), string.Join('\n', leaks.Take(5)));
    }

    /// <summary>Adds base64url text and the random bytes that it encodes, because either may be stored.</summary>
    private Secrets AddRandom(string what, string text) => Add(what, text).Add(what, Base64Url.DecodeFromChars(text));

    /// <summary>Returns all forms of a secret. They are compared without letter case, because they are long enough.</summary>
    private static IEnumerable<string> FormsOf(byte[] secret)
    {
        var text = Encoding.UTF8.GetString(secret);
        string[] forms =
        [
            Convert.ToHexString(secret),
            .. Enumerable.Range(0, 3).Select(before => InBase64(secret, before)),
            .. Enumerable.Range(0, 3).Select(before => InBase64(secret, before).Replace('+', '-').Replace('/', '_')),
            .. text.Contains('\uFFFD', StringComparison.Ordinal) ? [] : InWriting(text),
        ];
        return forms.Distinct(StringComparer.Ordinal);
    }

    private static string[] InWriting(string text) =>
    [
        text,
        Uri.EscapeDataString(text),
        System.Net.WebUtility.UrlEncode(text),
        System.Text.Json.JsonEncodedText.Encode(text).Value,
    ];

    /// <summary>Returns the part of the base64 text that depends only on the secret when so many bytes precede it in a longer value.</summary>
    private static string InBase64(byte[] secret, int before)
    {
        var encoded = Convert.ToBase64String([.. new byte[before], .. secret]);
        var (from, to) = ((before * 8 + 5) / 6, (before + secret.Length) * 8 / 6);
        return encoded[from..to];
    }
}
