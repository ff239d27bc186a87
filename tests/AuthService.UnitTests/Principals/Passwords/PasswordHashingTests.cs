using System.Buffers.Binary;
using System.Security.Cryptography;
using AuthService.Principals.Passwords;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.UnitTests.Principals.Passwords;

/// <summary>Each kind of hash is verified with its own algorithm, and replaced when a stronger one is configured.</summary>
public sealed class PasswordHashingTests
{
    private const string Right = "correct horse";

    private readonly PasswordHashing _hashing = new(
        Options.Create(new PasswordOptions { BcryptCost = 5 }),
        new HashingQueue(Environment.ProcessorCount, TimeSpan.Zero, new HashingMetrics(new UnheardMeters()), TimeProvider.System));

    [Fact]
    public async Task The_right_password_matches_and_a_wrong_one_does_not()
    {
        var hash = await HashAsync(Parse(Right));

        Assert.Equal(new PasswordCheck(Matches: true, UpgradedHash: null), await CheckAsync(Parse(Right), hash));
        Assert.Equal(new PasswordCheck(Matches: false, UpgradedHash: null), await CheckAsync(Parse("correct Horse"), hash));
    }

    [Fact]
    public async Task Nobodys_hash_matches_nothing() =>
        Assert.Equal(new PasswordCheck(Matches: false, UpgradedHash: null), await CheckAsync(Parse(Right), hash: null));

    [Fact]
    public async Task A_cheaper_hash_is_upgraded_when_the_password_was_right()
    {
        var old = new BcryptPasswords(cost: 4).Hash(Parse(Right));

        var check = await CheckAsync(Parse(Right), old);

        Assert.True(check.Matches);
        Assert.StartsWith("$2b$05$", check.UpgradedHash, StringComparison.Ordinal);
        Assert.Equal(new PasswordCheck(Matches: true, UpgradedHash: null), await CheckAsync(Parse(Right), check.UpgradedHash));
    }

    [Fact]
    public async Task A_wrong_password_upgrades_nothing()
    {
        Assert.Null((await CheckAsync(Parse("wrong horse"), new BcryptPasswords(cost: 4).Hash(Parse(Right)))).UpgradedHash);
        Assert.Null((await CheckAsync(Parse("wrong horse"), IdentityV3(Right, prf: 1))).UpgradedHash);
    }

    [Fact]
    public async Task A_dearer_hash_is_left_alone() =>
        Assert.Equal(
            new PasswordCheck(Matches: true, UpgradedHash: null), await CheckAsync(Parse(Right), new BcryptPasswords(cost: 6).Hash(Parse(Right))));

    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2y$")]
    public async Task A_bcrypt_hash_from_elsewhere_is_upgraded(string variant)
    {
        var foreign = variant + new BcryptPasswords(cost: 5).Hash(Parse(Right))[4..];

        var check = await CheckAsync(Parse(Right), foreign);

        Assert.True(check.Matches);
        Assert.StartsWith("$2b$05$", check.UpgradedHash, StringComparison.Ordinal);
    }

    /// <summary>
    /// The hashes are those of ASP.NET Core Identity, version 3, with HMAC-SHA-1, -256 and -512. The test computes them from their definition.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_Identity_hash_verifies_and_is_upgraded(int prf)
    {
        var check = await CheckAsync(Parse(Right), IdentityV3(Right, prf));

        Assert.True(check.Matches);
        Assert.StartsWith("$2b$05$", check.UpgradedHash, StringComparison.Ordinal);
        Assert.False((await CheckAsync(Parse("wrong horse"), IdentityV3(Right, prf))).Matches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("correct horse")]
    [InlineData("AQAAAA==")]
    [InlineData("AQAAAAEAAAD6AAAAEA==")]
    [InlineData("/////w==")]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG")]
    [InlineData("$2b$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public async Task A_hash_that_cannot_be_read_matches_nothing(string hash) => Assert.False((await CheckAsync(Parse(Right), hash)).Matches);

    [Fact]
    public async Task Many_at_once_all_get_their_answer()
    {
        var hash = await HashAsync(Parse(Right));

        var checks = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => CheckAsync(Parse(i % 2 == 0 ? Right : "wrong horse"), hash)));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2 == 0), checks.Select(check => check.Matches));
    }

    private async Task<string> HashAsync(Password password) =>
        await _hashing.TryHashAsync(password, HashingShare.Administration, HashingCaller.Local) ?? throw new InvalidOperationException("Refused");

    private async Task<PasswordCheck> CheckAsync(Password password, string? hash)
    {
        using var place = _hashing.TryEnter(HashingShare.SignIns, HashingCaller.Local)!;
        return await _hashing.CheckAsync(password, hash, place, CancellationToken.None);
    }

    private static string IdentityV3(string password, int prf)
    {
        const int Rounds = 1000;
        var algorithm = new[] { HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512 }[prf];
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = new byte[13 + 16 + 32];
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(1), prf);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(5), Rounds);
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(9), salt.Length);
        salt.CopyTo(hash, 13);
        Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, algorithm, 32).CopyTo(hash, 29);
        return Convert.ToBase64String(hash);
    }

    private static Password Parse(string text)
    {
        Assert.True(Password.TryParse(text, out var password), text);
        return password;
    }
}
