using AuthService.Principals;
using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>The rules for the text of a password, and for passwords that may be set.</summary>
public sealed class PasswordTests
{
    private static readonly Principal Owner = NewOwner();
    private static readonly PasswordPolicy Policy = new(new FixedOptions<PasswordOptions>(new PasswordOptions()));

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

    /// <summary>The length is the number of code points after NFC. An emoji has two UTF-16 units, and a decomposed letter several.</summary>
    [Theory]
    [InlineData("\U0001F511", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("\u03B1\u0313\u0300\u0345", 1)] // alpha with all its marks
    [InlineData("\U00011099\U000110BA", 1)] // two that compose to one, outside the basic plane
    [InlineData("\u1112\u1161\u11AB", 1)] // Hangul
    [InlineData("\U0001D160", 3)] // a quarter note, which NFC decomposes
    public void Characters_are_code_points_after_composition(string character, int codePoints)
    {
        Assert.Equal(codePoints, Parse(character).Length);
        Assert.True(Password.TryParse(string.Concat(Enumerable.Repeat(character, 256 / codePoints)), out _));
        Assert.False(Password.TryParse(string.Concat(Enumerable.Repeat(character, 257)), out _));
    }

    [Fact]
    public void Far_too_long_ones_are_refused_at_once()
    {
        var text = string.Concat(Enumerable.Repeat("\u0345\u0301\u0323", 20_000));

        // Only the fastest of a hundred counts, because on a busy machine any of them may have waited for a core.
        var fastest = Enumerable.Range(0, 100).Min(_ =>
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            Assert.False(Password.TryParse(text, out var _));
            return watch.Elapsed;
        });

        Assert.True(fastest < TimeSpan.FromMilliseconds(50), $"{fastest}");
    }

    [Theory]
    [InlineData("\U0001F511\U0001F30B\U0001F98B\U0001F9ED")]
    [InlineData("m!7Vq2e\u0301")]
    [InlineData("m!7Vq2z")]
    [InlineData("a")]
    public void Fewer_than_eight_characters_may_not_be_set(string text) => Assert.Contains("at least 8", FaultOf(text), StringComparison.Ordinal);

    [Fact]
    public void Eight_characters_are_enough_when_they_are_good() => Assert.Null(FaultOf("m!7Vq2zK"));

    [Theory]
    [InlineData("m!7Vq2zK", 8)]
    [InlineData("plum kettle 93", 14)]
    public void An_administrator_needs_15(string text, int length)
    {
        Assert.Equal(length, Parse(text).Length);
        Assert.Null(FaultOf(text));
        Assert.Contains("at least 15", Policy.FindFault(Parse(text), Owner, Role.Admin), StringComparison.Ordinal);
        Assert.Null(Policy.FindFault(Parse("plum kettle 93!"), Owner, Role.Admin));
    }

    [Theory]
    [InlineData(12, 15, 12, 15)]
    [InlineData(20, 15, 20, 20)]
    [InlineData(8, 8, 8, 8)]
    [InlineData(64, 64, 64, 64)]
    public void The_settings_say_how_many_are_needed(int minimum, int forAdministrators, int neededByUsers, int neededByAdministrators)
    {
        var options = new PasswordOptions { MinimumLength = minimum, MinimumLengthForAdministrators = forAdministrators };
        var policy = new PasswordPolicy(new FixedOptions<PasswordOptions>(options));
        const string text = "plum kettle 93 orbit! zebra 41 lantern quartz violet anchor biscuit";

        foreach (var (role, needed) in new[] { (Role.User, neededByUsers), (Role.Admin, neededByAdministrators) })
        {
            Assert.Equal(PasswordPolicy.TooShort(needed), policy.FindFault(Parse(text[..(needed - 1)]), Owner, role));
            Assert.Null(policy.FindFault(Parse(text[..needed]), Owner, role));
        }
    }

    [Theory]
    [InlineData(7, 15, "Passwords:MinimumLength must be from 8 to 64, it is 7")]
    [InlineData(65, 15, "Passwords:MinimumLength must be from 8 to 64, it is 65")]
    [InlineData(8, 7, "Passwords:MinimumLengthForAdministrators must be from 8 to 64, it is 7")]
    [InlineData(8, 65, "Passwords:MinimumLengthForAdministrators must be from 8 to 64, it is 65")]
    public void Lengths_that_NIST_does_not_allow_are_no_settings(int minimum, int forAdministrators, string fault)
    {
        var options = new PasswordOptions { MinimumLength = minimum, MinimumLengthForAdministrators = forAdministrators };

        Assert.Equal(fault, Assert.Single(new PasswordOptionsValidator().Validate(name: null, options).Failures!));
    }

    [Theory]
    [InlineData("aaaaaaaaaa")]
    [InlineData("abababab")]
    [InlineData("xyxyxyxy")]
    [InlineData("xYXyxyXYx")]
    [InlineData("abcabcabc")]
    [InlineData("abcabcab")]
    [InlineData("m!7Vm!7V")]
    [InlineData("k7$Wz!qk7$Wz!q")]
    [InlineData("\U0001F511\U0001F30B\U0001F511\U0001F30B\U0001F511\U0001F30B\U0001F511\U0001F30B")]
    [InlineData("q\u0323\u0307q\u0323\u0307q\u0323\u0307")] // one letter with two marks, which does not compose
    [InlineData("\U0001F469\u200D\U0001F52C\U0001F469\u200D\U0001F52C\U0001F469\u200D\U0001F52C")] // one emoji of three code points
    [InlineData("\u0431\u0430\u0411\u0430\u0431\u0430\u0431\u0430")]
    public void A_repeated_pattern_may_not_be_set(string text) => Assert.Contains("it repeats one pattern", FaultOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("m!7Vq2zKm!7Vq2z")] // less than two repetitions
    [InlineData("m!7Vq2zKm!7Vq2zK")] // long enough without the repetition
    [InlineData("zabababaq!7V")]
    public void What_is_more_than_a_short_pattern_may(string text) => Assert.Null(FaultOf(text));

    [Fact]
    public void A_pattern_is_short_for_whom_it_would_be_too_short_alone() =>
        Assert.Contains("repeats one pattern", Policy.FindFault(Parse("m!7Vq2zKm!7Vq2zK"), Owner, Role.Admin), StringComparison.Ordinal);

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
    [InlineData("abcdefgh")]
    [InlineData("trustno1")]
    [InlineData("authservice")]
    [InlineData("AuthService1")]
    public void Common_ones_and_the_names_of_the_service_may_not_be_set(string text) =>
        Assert.Contains("too easily guessed", FaultOf(text), StringComparison.Ordinal);

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
        Assert.Null(Policy.FindFault(Parse(text), TestPeople.Person("x")));
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

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    private static Principal NewOwner()
    {
        var owner = TestPeople.Person("zubrowka-kilim");
        owner.Profile = new PrincipalProfile { FirstNames = "Quirinalia", LastName = "Oberhuemer", Email = "vexillology@orrery.example", OrgId = "brxqundtvo" };
        return owner;
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password), text);
        return password;
    }

    private static string? FaultOf(string text) => Policy.FindFault(Parse(text), Owner);
}
