using System.Globalization;
using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>bcrypt verifies the test vectors of other implementations, and handles the two traps of the algorithm: 72 bytes and NUL.</summary>
public sealed class BcryptPasswordsTests
{
    private static readonly BcryptPasswords Bcrypt = new(cost: 4);

    /// <summary>The hashes are from the test suites of crypt_blowfish and jBCrypt.</summary>
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO")]
    public void Hashes_made_elsewhere_verify_in_all_three_variants(string password, string hash)
    {
        foreach (var variant in new[] { "$2a$", "$2b$", "$2y$" })
        {
            Assert.True(BcryptPasswords.Recognizes(variant + hash[4..]));
            Assert.True(BcryptPasswords.Verify(Parse(password), variant + hash[4..]), variant);
            Assert.False(BcryptPasswords.Verify(Parse(password + "x"), variant + hash[4..]), variant);
        }
    }

    /// <summary>The vector is from crypt_blowfish: "chars after 72 are ignored".</summary>
    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2b$")]
    [InlineData("$2y$")]
    public void What_others_cut_after_72_bytes_verifies_as_they_did_and_says_so(string variant)
    {
        const string Start = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        var hash = BcryptPasswords.ToImported($"{variant}05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui");

        foreach (var (password, isCut) in new[] { (Start, false), ($"{Start}chars after 72 are ignored", true), ($"{Start}another tail", true) })
        {
            Assert.True(BcryptPasswords.Verify(Parse(password), hash), password);
            Assert.Equal(isCut, BcryptPasswords.IsCut(Parse(password), hash));
        }

        Assert.False(BcryptPasswords.Verify(Parse(Start[..^1]), hash));
        Assert.False(BcryptPasswords.Verify(Parse($"{Start}\0"), hash));
        Assert.True(Bcrypt.IsOutdated(hash));
    }

    [Fact]
    public void Our_own_hashes_are_never_cut()
    {
        var of72 = new string('k', 72);

        Assert.False(BcryptPasswords.Verify(Parse($"{of72}x"), Bcrypt.Hash(Parse(of72))));
        Assert.False(BcryptPasswords.IsCut(Parse($"{of72}x"), Bcrypt.Hash(Parse($"{of72}x"))));
    }

    /// <summary>
    /// The hashes are from the code before BCrypt.Net, with libxcrypt. It hashed up to 72 bytes directly, and longer passwords, or those with a NUL, as the
    /// base64 of their SHA-384.
    /// </summary>
    [Theory]
    [InlineData("correct horse", "jydOTSfIH/d5oUHpsygqV5X9xJLQc6e")]
    [InlineData("\u00E9t\u00E9 \uD83D\uDE00 pass", "cJNJbNz6DEqTlqpI9zbUJj6T/dJSugO")]
    [InlineData("\u00FF\u00FF\u00A3", "5QZ/uMYOYzKrDPoOmawjdp3pKhYeWZi")]
    [InlineData("k*72", "xC5zBssI9/6x/6iWxqqDBY.Vv9oVG2q")]
    [InlineData("k*73", "UlTd93syX/XuUoXdg6CfEeAQ3jbhZdq")]
    [InlineData("x*256", "Bk1UGR1tR9MDZRf7fbeGSXcDd..qTVm")]
    [InlineData("\u00E9*36", "KiIlCeXB6chNXkLyAo8C7XcLPzh6zUe")]
    [InlineData("\u00E9*37", "jTa2tajovK6DImLWjzSERWnOR6KUqo6")]
    [InlineData("before\0after", "XpDawF7tr2gp3Ul.LhCmPkhMgG8Xjgq")]
    public void Hashes_made_before_verify(string password, string hash)
    {
        var text = password.Split('*') is [var character, var count] ? new string(character[0], int.Parse(count, CultureInfo.InvariantCulture)) : password;
        const string Setting = "$2b$04$abcdefghijklmnopqrstuu";

        Assert.True(BcryptPasswords.Verify(Parse(text), Setting + hash));
        Assert.False(BcryptPasswords.Verify(Parse(text[..^1] + "?"), Setting + hash));
        Assert.False(Bcrypt.IsOutdated(Setting + hash));
    }

    [Fact]
    public void Our_own_hashes_are_of_the_variant_and_cost_of_today_and_never_the_same()
    {
        var (one, other) = (Bcrypt.Hash(Parse("correct horse")), Bcrypt.Hash(Parse("correct horse")));

        Assert.Matches(@"^\$2b\$04\$[./A-Za-z0-9]{53}$", one);
        Assert.NotEqual(one, other, StringComparer.Ordinal);
        Assert.True(BcryptPasswords.Verify(Parse("correct horse"), one));
        Assert.True(BcryptPasswords.Verify(Parse("correct horse"), other));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u00E9")]
    [InlineData("\uD83D\uDE00")]
    public void A_tail_after_the_first_72_bytes_counts(string tail)
    {
        var head = new string('k', 72);
        var hash = Bcrypt.Hash(Parse(head + tail));

        Assert.True(BcryptPasswords.Verify(Parse(head + tail), hash));
        Assert.False(BcryptPasswords.Verify(Parse(head), hash));
        Assert.False(BcryptPasswords.Verify(Parse(head + tail + "y"), hash));
        Assert.False(BcryptPasswords.Verify(Parse(head + "y"), hash));
    }

    /// <summary>The password has 72 characters of two bytes each. If characters were counted, its second half would be lost.</summary>
    [Fact]
    public void Bytes_are_counted_and_not_characters()
    {
        var text = new string('\u00E9', 72);

        Assert.False(BcryptPasswords.Verify(Parse(text[..^1] + "\u00E8"), Bcrypt.Hash(Parse(text))));
    }

    [Theory]
    [InlineData("before\0after", "before")]
    [InlineData("before\0after", "before\0other")]
    [InlineData("\0after", "\0")]
    [InlineData("trailing\0", "trailing")]
    public void What_follows_a_NUL_counts(string password, string other)
    {
        var hash = Bcrypt.Hash(Parse(password));

        Assert.True(BcryptPasswords.Verify(Parse(password), hash));
        Assert.False(BcryptPasswords.Verify(Parse(other), hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$04$")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$1$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWCCCC")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe")]
    [InlineData("$2b$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$18$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWC")]
    [InlineData("$2b$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe\n")]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe:")]
    public void Other_texts_are_no_bcrypt_hashes_and_match_nothing(string hash)
    {
        Assert.False(BcryptPasswords.Recognizes(hash));
        Assert.False(BcryptPasswords.Verify(Parse("U*U"), hash));
    }

    [Theory]
    [InlineData("$2b$04$", 4, false)]
    [InlineData("$2b$05$", 4, false)]
    [InlineData("$2b$04$", 5, true)]
    [InlineData("$2b$09$", 10, true)]
    [InlineData("$2b$12$", 12, false)]
    [InlineData("$2a$12$", 12, true)]
    [InlineData("$2y$12$", 12, true)]
    public void A_cheaper_hash_or_an_older_variant_is_outdated(string setting, int cost, bool outdated) =>
        Assert.Equal(outdated, new BcryptPasswords(cost).IsOutdated(setting + "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password), text);
        return password;
    }
}
