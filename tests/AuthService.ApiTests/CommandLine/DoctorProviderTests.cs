using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor checks identity providers by requesting their metadata and nothing else.</summary>
public sealed class DoctorProviderTests : IDisposable
{
    private const string Subject = "identity provider Example Corp: ";

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task One_that_can_be_asked_is_fine_and_has_to_know_the_callback()
    {
        await using var provider = await PlainProvider.StartAsync(TimeProvider.System);

        var (line, output) = await ExamineAsync(provider);

        Assert.True(line == $"ok    {Subject}1 keys; it must know the callback https://auth.example.com/auth/idp/Example%20Corp/callback", output);
    }

    [Fact]
    public async Task One_that_is_somebody_else_or_cannot_be_reached_is_wrong()
    {
        var provider = await PlainProvider.StartAsync(TimeProvider.System);
        provider.AlterMetadata = metadata => metadata["issuer"] = "https://somebody.example.com";
        var (other, _) = await ExamineAsync(provider, exitCode: 1);
        await provider.DisposeAsync();

        var (nobody, _) = await ExamineAsync(provider, exitCode: 1);

        Assert.StartsWith($"WRONG {Subject}", other, StringComparison.Ordinal);
        Assert.Contains("issuer", other, StringComparison.Ordinal);
        Assert.StartsWith($"WRONG {Subject}", nobody, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(string Line, string Output)> ExamineAsync(PlainProvider provider, int? exitCode = null)
    {
        var settings = ServiceFolder.ForProduction().With(provider.SettingsFor("Example Corp")).With(new() { ["environment"] = "Development" });
        var found = await _folder.RunAsync(settings, ["doctor"]);
        if (exitCode is { } expected)
            found.Expect(expected);
        var line = found.Output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.Contains(Subject, StringComparison.Ordinal));
        return (line, found.Output);
    }
}
