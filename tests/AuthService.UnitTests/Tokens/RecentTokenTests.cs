using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>A token that was seen a moment ago is not trusted for longer than one that was not.</summary>
public sealed class RecentTokenTests
{
    private readonly TokenRoom _room = new(TestKeys.Settings(0, "ES256", "first"));

    [Fact]
    public async Task It_says_the_same_again()
    {
        var text = await ShownAsync();

        Assert.Equal("ada", (await _room.Reader.ReadAsync(text))?.Subject);
    }

    [Fact]
    public async Task It_ends_when_it_said_it_would()
    {
        var text = await ShownAsync();
        _room.Clock.Now += TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1);
        Assert.NotNull(await _room.Reader.ReadAsync(text));

        _room.Clock.Now += TimeSpan.FromTicks(1);

        Assert.Null(await _room.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_with_its_key()
    {
        var text = await ShownAsync();

        _room.Change([.. TestKeys.Settings(0, "ES384", "second")]);

        Assert.Null(await _room.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_when_another_key_takes_its_key_s_id()
    {
        var text = await ShownAsync();

        _room.Change([.. TestKeys.Settings(0, "ES384", "first")]);

        Assert.Null(await _room.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task It_ends_with_a_change_of_the_issuer()
    {
        var text = await ShownAsync();

        _room.Change(("Jwt:Issuer", "https://elsewhere.example.com"));

        Assert.Null(await _room.Reader.ReadAsync(text));
    }

    [Fact]
    public async Task With_another_signature_it_is_another_token()
    {
        var text = await ShownAsync();
        var forged = text[..^2] + (text[^2] is 'A' ? "BA" : "AA");

        Assert.Null(await _room.Reader.ReadAsync(forged));
    }

    private async Task<string> ShownAsync()
    {
        var text = _room.Writer.Write(_room.NewToken());
        Assert.NotNull(await _room.Reader.ReadAsync(text));
        return text;
    }
}
