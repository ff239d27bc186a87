using AuthService.Principals;
using Xunit;

namespace AuthService.UnitTests.Principals;

/// <summary>What a password may be, and which ones may be set.</summary>
public sealed class PasswordTests
{
    private static readonly Principal Owner = NewOwner();

    [Theory]
    [InlineData("caf\u00E9 noir", "cafe\u0301 noir")]
    [InlineData("\u00C5ngstrom", "\u212Bngstrom")]
    public void Every_keyboard_gives_the_same_password(string one, string other) => Assert.Equal(Parse(one).Reveal(), Parse(other).Reveal());

    [Theory]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData("MixedCase")]
    [InlineData("with\0nul")]
    [InlineData("with\nline")]
    [InlineData("\uFB01gure")]
    [InlineData("x")]
    public void Nothing_is_trimmed_cut_or_folded(string text) => Assert.Equal(text, Parse(text).Reveal());

    [Fact]
    public void A_password_never_shows_itself_by_accident() => Assert.Equal("[redacted]", $"{Parse("correct horse")}");

    [Fact]
    public void Empty_oversize_and_broken_ones_are_none()
    {
        Assert.False(Password.TryParse(null, out _));
        Assert.False(Password.TryParse("", out _));
        Assert.True(Password.TryParse(new string('x', 256), out _));
        Assert.False(Password.TryParse(new string('x', 257), out _));
        Assert.False(Password.TryParse("broken\uD800", out _));
        Assert.False(Password.TryParse("broken\uFFFE", out _));
    }

    [Theory]
    [InlineData("m!7Vq2z")]
    [InlineData("a")]
    public void Fewer_than_eight_characters_may_not_be_set(string text) => Assert.Contains("at least 8", FaultOf(text), StringComparison.Ordinal);

    [Fact]
    public void Eight_characters_are_enough_when_they_are_good() => Assert.Null(FaultOf("m!7Vq2zK"));

    [Theory]
    [InlineData("password")]
    [InlineData("Password1")]
    [InlineData("P@ssw0rd")]
    [InlineData("12345678")]
    [InlineData("123456789")]
    [InlineData("qwertyuiop")]
    [InlineData("iloveyou")]
    [InlineData("letmein1")]
    [InlineData("football")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("abcdefgh")]
    [InlineData("trustno1")]
    [InlineData("authservice")]
    [InlineData("AuthService1")]
    public void Common_ones_and_the_names_of_the_service_may_not_be_set(string text) => Assert.Contains("too easily guessed", FaultOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("zubrowka-kilim")]
    [InlineData("ZUBROWKA-KILIM")]
    [InlineData("zubrowka-kilim1")]
    [InlineData("quirinalia")]
    [InlineData("Oberhuemer")]
    [InlineData("vexillology@orrery.example")]
    [InlineData("brxqundtvo")]
    public void The_owners_names_may_not_be_set_by_the_owner_alone(string text)
    {
        Assert.Contains("too easily guessed", FaultOf(text), StringComparison.Ordinal);
        Assert.Null(PasswordPolicy.FindFault(Parse(text), People.Person("x")));
    }

    [Theory]
    [InlineData("Plum-Kettle-93-Orbit!")]
    [InlineData("correct horse battery staple")]
    [InlineData("\u0431\u0430\u043B\u0430\u043B\u0430\u0439\u043A\u0430 \u0437\u0438\u043C\u043E\u0439")]
    public void Good_ones_may(string text) => Assert.Null(FaultOf(text));

    [Fact]
    public void The_longest_one_is_judged_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Null(FaultOf(string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:X2}q!"))));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    private static Principal NewOwner()
    {
        var owner = People.Person("zubrowka-kilim");
        (owner.FirstNames, owner.LastName, owner.Email, owner.OrgId) = ("Quirinalia", "Oberhuemer", "vexillology@orrery.example", "brxqundtvo");
        return owner;
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password), text);
        return password;
    }

    private static string? FaultOf(string text) => PasswordPolicy.FindFault(Parse(text), Owner);
}
