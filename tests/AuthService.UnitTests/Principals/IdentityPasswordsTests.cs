using AuthService.Principals;
using Xunit;

namespace AuthService.UnitTests.Principals;

/// <summary>Which texts are taken for hashes of ASP.NET Core Identity, version 3.</summary>
public sealed class IdentityPasswordsTests
{
    [Fact]
    public void A_hash_of_version_3_is_recognized()
    {
        Assert.True(Password.TryParse("correct horse", out var password));

        Assert.True(IdentityPasswords.Recognizes(IdentityPasswords.Hash(password)));
        Assert.True(PasswordHashing.Recognizes(IdentityPasswords.Hash(password)));
    }

    [Theory]
    [InlineData(45, 0x01, true)]
    [InlineData(61, 0x01, true)]
    [InlineData(44, 0x01, false)]
    [InlineData(61, 0x00, false)]
    [InlineData(61, 0x02, false)]
    [InlineData(0, 0, false)]
    public void Its_version_and_length_tell_it_from_others(int length, byte version, bool recognized)
    {
        var bytes = new byte[length];
        if (length > 0)
            bytes[0] = version;

        Assert.Equal(recognized, IdentityPasswords.Recognizes(Convert.ToBase64String(bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("\u00E9\u00E9\u00E9\u00E9")]
    public void What_is_no_base64_is_none(string hash) => Assert.False(IdentityPasswords.Recognizes(hash));
}
