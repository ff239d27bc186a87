using System.Buffers.Binary;
using AuthService.Principals.Passwords;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>Hashes of ASP.NET Core Identity, version 3, are recognized.</summary>
public sealed class IdentityPasswordsTests
{
    [Fact]
    public void A_hash_of_version_3_is_recognized()
    {
        Assert.True(IdentityPasswords.Recognizes(Hash("correct horse")));
        Assert.True(PasswordHashing.Recognizes(Hash("correct horse")));
    }

    [Theory]
    [InlineData(45, 0x01, 2, 1, 16, true)]
    [InlineData(61, 0x01, 0, 10_000, 16, true)]
    [InlineData(61, 0x01, 2, 5_000_000, 32, true)]
    [InlineData(44, 0x01, 2, 1, 16, false)]
    [InlineData(61, 0x00, 2, 10_000, 16, false)]
    [InlineData(61, 0x02, 2, 10_000, 16, false)]
    [InlineData(61, 0x01, 3, 10_000, 16, false)]
    [InlineData(61, 0x01, 0xffffffff, 10_000, 16, false)]
    [InlineData(61, 0x01, 2, 0, 16, false)]
    [InlineData(61, 0x01, 2, 5_000_001, 16, false)]
    [InlineData(61, 0x01, 2, 0xffffffff, 16, false)]
    [InlineData(61, 0x01, 2, 10_000, 15, false)]
    [InlineData(61, 0x01, 2, 10_000, 33, false)]
    [InlineData(61, 0x01, 2, 10_000, 0xffffffff, false)]
    [InlineData(0, 0, 0, 0, 0, false)]
    public void What_it_says_of_itself_tells_it_from_others(
        int length, byte version, uint prf, uint iterations, uint saltLength, bool recognized)
    {
        var bytes = new byte[Math.Max(length, 13)];
        bytes[0] = version;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), prf);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), saltLength);

        Assert.Equal(recognized, IdentityPasswords.Recognizes(Convert.ToBase64String(bytes[..length])));
    }

    /// <summary>Two billion iterations would occupy a core for an hour at each sign-in.</summary>
    [Fact]
    public void A_hash_that_is_too_dear_is_not_even_tried()
    {
        Assert.True(Password.TryParse("correct horse", out var password));
        var dear = Convert.FromBase64String(Hash("correct horse"));
        Assert.True(IdentityPasswords.Verify(password, Convert.ToBase64String(dear)));
        BinaryPrimitives.WriteInt32BigEndian(dear.AsSpan(5), int.MaxValue);

        Assert.False(IdentityPasswords.Verify(password, Convert.ToBase64String(dear)));
        Assert.False(PasswordHashing.Recognizes(Convert.ToBase64String(dear)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("\u00E9\u00E9\u00E9\u00E9")]
    public void What_is_no_base64_is_none(string hash) => Assert.False(IdentityPasswords.Recognizes(hash));

    private static string Hash(string password) => new PasswordHasher<object>().HashPassword(new(), password);
}
