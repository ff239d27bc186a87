using System.Net;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The console log on a developer's machine, with the settings that are shipped.</summary>
public sealed class ConsoleLogTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    /// <summary>A path is logged decoded, so an encoded line break in it would be a line break.</summary>
    [Fact]
    public async Task Nothing_from_outside_begins_a_line_or_moves_the_cursor()
    {
        await using var service = _folder.Start(new()
        {
            ["environment"] = "Development",
            ["Logging:LogLevel:Microsoft"] = "Debug",
            ["Logging:Console:FormatterOptions:IncludeScopes"] = "true",
        });
        await service.WaitUntilReadyAsync();

        foreach (var lineBreak in new[] { "%0A", "%0D", "%0D%0A", "%C2%85", "%E2%80%A8", "%1B%5B2K%0D" })
            Assert.Equal(HttpStatusCode.NotFound, await service.StatusAsync($"/canary{lineBreak}forged: of {lineBreak}"));

        await Eventually.TrueAsync(() => service.Output.Count(line => line.Contains("/canary", StringComparison.Ordinal)) >= 6);
        var lines = service.Output.Concat(service.Errors).ToArray();
        Assert.Contains(lines, line => line.Contains("/canary", StringComparison.Ordinal) && line.Contains("forged", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("forged", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Any(character => char.IsControl(character) || character is '\u2028'));
    }

    public void Dispose() => _folder.Dispose();
}
