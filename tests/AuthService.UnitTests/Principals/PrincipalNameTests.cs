using System.Text;
using AuthService.Principals;
using Xunit;

namespace AuthService.UnitTests.Principals;

/// <summary>All spellings of a name stand for the same principal.</summary>
public sealed class PrincipalNameTests
{
    [Theory]
    [InlineData("ada", "ADA")]
    [InlineData("ada", "Ada")]
    [InlineData("kelvin", "\u212Aelvin")] // the Kelvin sign
    [InlineData("\u00E5ngstrom", "\u212Bngstrom")] // the Angstrom sign
    [InlineData("ada", "\uFF21\uFF24\uFF21")] // full width
    [InlineData("file", "\uFB01le")] // a ligature
    [InlineData("se\u00F1or", "sen\u0303or")] // composed and decomposed
    [InlineData("SE\u00D1OR", "sen\u0303or")]
    [InlineData("\u00E9t\u00E9", "E\u0301TE\u0301")]
    [InlineData("\u03BF\u03B4\u03BF\u03C2", "\u039F\u0394\u039F\u03A3")] // Greek, with a final sigma
    [InlineData("\u03C9", "\u2126")] // the Ohm sign
    [InlineData("s", "\u017F")] // the long s
    [InlineData("\u00DF", "\u1E9E")] // sharp s
    [InlineData("\u0436", "\u0416")] // Cyrillic
    [InlineData("\uD801\uDC28", "\uD801\uDC00")] // Deseret, outside the basic plane
    public void Two_spellings_are_one_name(string one, string other) => Assert.Equal(Folded(one), Folded(other));

    [Theory]
    [InlineData("ada", "adam")]
    [InlineData("ada", "\u0430da")] // a Cyrillic a
    [InlineData("ada", " ada")]
    [InlineData("ada", "ad\u00E1")]
    [InlineData("o", "0")]
    public void Different_names_stay_different(string one, string other) => Assert.NotEqual(Folded(one), Folded(other), StringComparer.Ordinal);

    [Fact]
    public void Folding_a_folded_name_changes_nothing()
    {
        var unstable = EveryCharacter().Where(text => Folded(text) != Folded(Folded(text)));

        Assert.Empty(unstable);
    }

    /// <summary>A keyboard, a form or a directory may change the letter case of a name.</summary>
    [Fact]
    public void Every_character_folds_like_its_other_letter_case()
    {
        var split =
            from text in EveryCharacter()
            where Folded(text) != Folded(text.ToUpperInvariant()) || Folded(text) != Folded(text.ToLowerInvariant())
            select $"U+{text.EnumerateRunes().First().Value:X4}";

        Assert.Equal("", string.Join(' ', split));
    }

    [Fact]
    public void The_text_stays_as_it_was_written()
    {
        Assert.True(PrincipalName.TryParse("#P_\u212Aelvin", out var name));

        Assert.Equal(("#P_\u212Aelvin", "#p_kelvin", "#P_\u212Aelvin"), (name.Text, name.Folded, name.ToString()));
    }

    [Fact]
    public void A_name_has_1_to_250_characters()
    {
        Assert.False(PrincipalName.TryParse(null, out _));
        Assert.False(PrincipalName.TryParse("", out _));
        Assert.True(PrincipalName.TryParse("a", out _));
        Assert.True(PrincipalName.TryParse(new string('a', 250), out _));
        Assert.False(PrincipalName.TryParse(new string('a', 251), out _));
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x0A)]
    [InlineData(0x0D)]
    [InlineData(0x1B)]
    [InlineData(0x7F)]
    [InlineData(0x85)]
    public void Control_characters_are_refused(int character) => Assert.False(PrincipalName.TryParse($"a{(char)character}b", out _));

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0xDBFF)]
    [InlineData(0xDC00)]
    [InlineData(0xDFFF)]
    public void Half_a_surrogate_pair_is_refused(int half)
    {
        Assert.False(PrincipalName.TryParse($"{(char)half}", out _));
        Assert.False(PrincipalName.TryParse($"a{(char)half}b", out _));
        Assert.False(PrincipalName.TryParse($"{(char)half}{(char)0xD800}", out _));
    }

    /// <summary>A noncharacter is valid UTF-16, but .NET cannot normalize it.</summary>
    [Fact]
    public void A_noncharacter_is_refused()
    {
        Assert.False(PrincipalName.TryParse("\uFFFE", out _));
        Assert.False(PrincipalName.TryParse("a\uFFFEb", out _));
    }

    /// <summary>Invisible characters are removed only at the ends. Between other characters they are part of the name.</summary>
    [Fact]
    public void A_typed_name_loses_what_is_invisible_at_its_ends()
    {
        foreach (var end in EveryCharacter().Where(text => Rune.IsWhiteSpace(text.EnumerateRunes().First()) || IsFormat(text)))
        {
            Assert.True(PrincipalName.TryParseTyped($"{end}a{end}b{end}{end}", out var name));
            Assert.Equal($"a{end}b", name.Text);
            Assert.False(PrincipalName.TryParseTyped(end, out _));
        }
    }

    [Fact]
    public void Letters_marks_and_emoji_stay_in_new_names()
    {
        foreach (var id in (string[])["a b", "_x", "#P_x", "x(y)", "se\u00F1or", "sen\u0303or", "\U0001F600", "\u0436", "\u5F35", "a.b@c-d+e"])
        {
            Assert.True(PrincipalName.TryParse(id, out var name));
            Assert.Null(name.FindFault());
        }
    }

    [Fact]
    public void No_new_name_holds_a_format_character_anywhere()
    {
        foreach (var hidden in EveryCharacter().Where(IsFormat))
        {
            Assert.True(PrincipalName.TryParse($"a{hidden}b", out var name));
            Assert.NotNull(name.FindFault());
        }
    }

    private static bool IsFormat(string text) => Rune.GetUnicodeCategory(text.EnumerateRunes().First()) is System.Globalization.UnicodeCategory.Format;

    private static IEnumerable<string> EveryCharacter() =>
        from value in Enumerable.Range(0, 0x20000)
        where Rune.IsValid(value) && value != 0xFFFE
        let text = new Rune(value).ToString()
        where PrincipalName.TryParse(text, out _)
        select text;

    private static string Folded(string text)
    {
        Assert.True(PrincipalName.TryParse(text, out var name), text);
        return name.Folded;
    }
}
