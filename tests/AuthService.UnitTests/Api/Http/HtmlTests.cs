using AuthService.Api.Http.Browser;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>Every value in a page is encoded, unless it is HTML itself.</summary>
public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" autofocus onfocus=\"alert(1)", "&quot; autofocus onfocus=&quot;alert(1)")]
    [InlineData("' & <", "&#39; &amp; &lt;")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_text_is_encoded(string? text, string expected) =>
        Assert.Equal($"<b title=\"{expected}\">{expected}</b>", Html.Of($"<b title=\"{text}\">{text}</b>").ToString());

    [Fact]
    public void Html_is_taken_as_it_is_and_what_is_missing_is_nothing()
    {
        var bold = Html.Of($"<b>{"<"}</b>");
        Html? missing = null;

        Assert.Equal("<p><b>&lt;</b></p>", Html.Of($"<p>{bold}{missing}</p>").ToString());
    }
}
