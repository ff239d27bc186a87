using System.Buffers.Text;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>What must never reach a log, in any of the forms in which it could.</summary>
internal sealed class Secrets
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public Secrets Add(string what, string text)
    {
        _texts[what] = text;
        return this;
    }

    /// <summary>The signature alone makes a token a token; the rest is no secret by itself.</summary>
    public Secrets AddJwt(string what, string jwt) => Add(what, jwt.Split('.')[2]);

    public Secrets Add(string what, SignedIn session) => AddJwt($"{what}: access token", session.AccessToken)
        .Add($"{what}: CSRF token", session.CsrfToken)
        .Add($"{what}: refresh token", session.RefreshToken["rt_".Length..]);

    public void ExpectNoneIn(IReadOnlyCollection<string> lines)
    {
        var forms = _texts.SelectMany(secret => FormsOf(secret.Value).Select(form => (What: secret.Key, Form: form))).ToList();
        var leaks = from line in lines
                    from secret in forms
                    where line.Contains(secret.Form, StringComparison.OrdinalIgnoreCase)
                    select $"{secret.What} as \"{secret.Form}\" in: {line}";
        Assert.False(leaks.Any(), string.Join('\n', leaks.Take(5)));
    }

    private static IEnumerable<string> FormsOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        string[] forms =
        [
            text,
            Convert.ToBase64String(bytes).TrimEnd('='),
            Base64Url.EncodeToString(bytes),
            Convert.ToHexString(bytes),
            Uri.EscapeDataString(text),
            System.Net.WebUtility.UrlEncode(text),
            System.Text.Json.JsonEncodedText.Encode(text).Value,
        ];
        return forms.Distinct(StringComparer.Ordinal);
    }
}
