using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>Argon2id verifies published hashes, and refuses hashes with parameters outside the limits.</summary>
public sealed class Argon2PasswordsTests
{
    private const string Reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    /// <summary>The hashes are from src/test.c of the reference implementation (P-H-C/phc-winner-argon2).</summary>
    [Theory]
    [InlineData("password", Reference)]
    [InlineData("password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")]
    [InlineData("password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc")]
    [InlineData("password", "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg")]
    [InlineData("password", "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw")]
    [InlineData("differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94")]
    [InlineData("password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw")]
    public void Published_hashes_verify(string password, string hash)
    {
        Assert.True(PasswordHashing.Recognizes(hash));
        Assert.True(Argon2Passwords.Verify(Parse(password), hash));
        Assert.False(Argon2Passwords.Verify(Parse(password + "x"), hash));
    }

    /// <summary>Some of these parameters would occupy a core or the memory of the machine at each sign-in, and others are too weak.</summary>
    [Theory]
    [InlineData("m=65536,t=2,p=1", "m=131073,t=1,p=1")]
    [InlineData("m=65536,t=2,p=1", "m=99999999,t=1,p=1")]
    [InlineData("m=65536,t=2,p=1", "m=65536,t=9,p=1")]
    [InlineData("m=65536,t=2,p=1", "m=256,t=9999,p=1")]
    [InlineData("m=65536,t=2,p=1", "m=65536,t=2,p=17")]
    [InlineData("m=65536,t=2,p=1", "m=65536,t=0,p=1")]
    [InlineData("m=65536,t=2,p=1", "m=65536,t=2,p=0")]
    [InlineData("m=65536,t=2,p=1", "m=7,t=2,p=1")]
    [InlineData("v=19", "v=16")]
    [InlineData("argon2id", "argon2i")]
    [InlineData("argon2id", "argon2d")]
    [InlineData("c29tZXNhbHQ", "c29tZQ")]
    [InlineData("CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "CTFhFdXPJO1a")]
    [InlineData("CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\n")]
    public void What_asks_for_too_much_or_is_too_weak_is_refused_with_the_bounds(string part, string other)
    {
        var hash = Reference.Replace(part, other, StringComparison.Ordinal);

        Assert.NotEqual(Reference, hash, StringComparer.Ordinal);
        Assert.False(Argon2Passwords.Recognizes(hash));
        Assert.False(Argon2Passwords.Verify(Parse("password"), hash));
        Assert.Contains("131072", ForeignPasswords.FindFault(hash), StringComparison.Ordinal);
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password));
        return password;
    }
}
