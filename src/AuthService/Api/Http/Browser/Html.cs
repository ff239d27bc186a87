using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace AuthService.Api.Http.Browser;

/// <summary>HTML from an interpolated string. Every value in it is encoded, except other <see cref="Html"/>.</summary>
internal sealed class Html
{
    private readonly string _text;

    private Html(string text) => _text = text;

    public static Html Of(Interpolation content) => new(content.Text);

    public override string ToString() => _text;

    /// <summary>
    /// The handler that the compiler uses for <c>Html.Of($"…")</c>. It accepts only text and HTML, so that other values must be converted explicitly.
    /// </summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Interpolation(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _built = new(literalLength + (16 * formattedCount));

        public string Text => _built.ToString();

        public void AppendLiteral(string text) => _built.Append(text);

        public void AppendFormatted(string? text) => _built.Append(WebUtility.HtmlEncode(text));

        public void AppendFormatted(Html? html) => _built.Append(html);
    }
}
