using AuthService.Mail;
using Xunit;

namespace AuthService.UnitTests.Mail;

public sealed class MailAddressTests
{
    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("ada+lovelace@sub.example.com")]
    [InlineData("o'hara@example.com")]
    [InlineData("ÆØÅ@example.com")]
    [InlineData("用户@例子.广告")]
    [InlineData("ada@xn--bcher-kva.example")]
    [InlineData("ada@bücher.example")]
    [InlineData("Ada@EXAMPLE.com")]
    public void One_that_can_be_reached_is_taken_as_it_is(string text)
    {
        Assert.True(MailAddress.TryParse(text, out var address));
        Assert.Equal(text, address.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@example.com, eve@example.com")]
    [InlineData("ada@example.com,eve@example.com")]
    [InlineData("Ada<ada@example.com>")]
    [InlineData("<ada@example.com>")]
    [InlineData("<@relay.example:ada@example.com>")]
    [InlineData("ada@example.com(comment)")]
    [InlineData("ada@example.com\r\nBcc:eve@example.com")]
    [InlineData("ada@example.com\n")]
    [InlineData("ada@exa mple.com")]
    [InlineData("ada@example.com\0")]
    [InlineData("ada@@example.com")]
    [InlineData("undisclosed:ada@example.com;")]
    public void Anything_else_is_refused(string? text) => Assert.False(MailAddress.TryParse(text, out _));

    [Fact]
    public void Broken_Unicode_is_refused() => Assert.False(MailAddress.TryParse($"ada{'\ud800'}@example.com", out _));

    [Fact]
    public void One_that_is_too_long_is_refused() => Assert.False(MailAddress.TryParse($"{new string('a', 250)}@b.dk", out _));

    [Fact]
    public void It_is_one_budget_however_it_is_spelled_and_one_for_each_kind()
    {
        Assert.True(MailAddress.TryParse("Ada@Example.com", out var one));
        Assert.True(MailAddress.TryParse("aDA@example.COM", out var other));

        Assert.Equal(one.HashFor(MailKind.PasswordReset), other.HashFor(MailKind.PasswordReset));
        Assert.NotEqual(one.HashFor(MailKind.PasswordReset), one.HashFor(MailKind.NewDevice));
    }

    /// <summary>An address with a ligature can be another mailbox.</summary>
    [Fact]
    public void What_is_only_written_alike_has_a_budget_of_its_own()
    {
        Assert.True(MailAddress.TryParse("finn@example.com", out var one));
        Assert.True(MailAddress.TryParse("\uFB01nn@example.com", out var other));

        Assert.NotEqual(one.HashFor(MailKind.PasswordReset), other.HashFor(MailKind.PasswordReset));
    }
}
