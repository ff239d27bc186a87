using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace AuthService.Api.Http.Browser;

/// <summary>HTML of an interpolated string, in which every value is encoded but other <see cref="Html"/>.</summary>
internal sealed class Html
{
    private readonly string _text;

    private Html(string text) => _text = text;

    public static Html Of(Interpolation content) => new(content.Text);

    public override string ToString() => _text;

    /// <summary>What the compiler makes of <c>Html.Of($"…")</c>. It takes texts and HTML only: everything else says first how it is written.</summary>
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
