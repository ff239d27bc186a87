using AuthService.Principals.Passwords;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>scrypt in the formats of Firebase and better-auth verifies their hashes.</summary>
public sealed class ScryptPasswordsTests
{
    private const string SignerKey = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    private const string Hash = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

    /// <summary>The example in the README of firebase/scrypt: memcost 14, rounds 8, separator Bw==.</summary>
    private const string Firebase = $"$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk={SignerKey}$42xEC+ixf3L2lw==${Hash}";

    /// <summary>The other hashes are from better-auth 1.7.25 (<c>hashPassword</c>). The last password has a ligature, which NFKC decomposes.</summary>
    [Theory]
    [InlineData("user1password", Firebase)]
    [InlineData("correct horse battery staple",
        "a89779a3b8653b49ed82a6fec0101511:"
        + "e9eaaa7c7f26249a6abe4957fb768b15bda48829f68fd9f697f696862b5b57727b574b387276317705e39a8b7129ca8f000f22088e049b6005d00a1b2d80bcc1")]
    [InlineData("\uFB01ne Gew\u00FCrz 42",
        "aff6abbe15e021fbb84e345d9bd81f27:"
        + "6d03c0937a370ea78ddebf025c4fa83b7e5dc5a90489568c51107cd2f42e9ecf971b26d4c057d7362973e02ba5dd729fb9e0b41a6c3e6e5300e59433e0335111")]
    public void Hashes_made_elsewhere_verify(string password, string hash)
    {
        Assert.True(PasswordHashing.Recognizes(hash));
        Assert.True(ScryptPasswords.Verify(Parse(password), hash));
        Assert.False(ScryptPasswords.Verify(Parse(password + "x"), hash));
    }

    [Theory]
    [InlineData("n=14", "n=17")]
    [InlineData("n=14", "n=25")]
    [InlineData("n=14", "n=0")]
    [InlineData("r=8", "r=33")]
    [InlineData("r=8", "r=0")]
    [InlineData("p=1", "p=2")]
    [InlineData("v=1", "v=2")]
    [InlineData(SignerKey, "")]
    [InlineData(SignerKey, "jxspr8Ki0RY=")]
    [InlineData("42xEC+ixf3L2lw==", "42xE")]
    [InlineData(Hash, "")]
    [InlineData(Hash, "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1Q=")]
    public void What_asks_for_too_much_or_is_too_weak_is_refused_with_the_bounds(string part, string other)
    {
        var hash = Firebase.Replace(part, other, StringComparison.Ordinal);

        Assert.NotEqual(Firebase, hash, StringComparer.Ordinal);
        Assert.False(ScryptPasswords.Recognizes(hash));
        Assert.False(ScryptPasswords.Verify(Parse("user1password"), hash));
        Assert.Contains("524288", ForeignPasswords.FindFault(hash), StringComparison.Ordinal);
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password));
        return password;
    }
}
