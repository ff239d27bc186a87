using AuthService.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Xunit;

namespace AuthService.UnitTests.Hosting;

/// <summary>The simple console writes text from outside without line breaks.</summary>
public sealed class OneLineConsoleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_scopes_and_exceptions_begin_no_line(bool singleLine)
    {
        var written = Write(singleLine, "path /a\r\nforged\u001B[2K", "scope\nforged", new InvalidOperationException("value\rforged\nforged\u0085"));

        Assert.Contains("path /a\\r\\nforged\\u001b[2K", written, StringComparison.Ordinal);
        Assert.Contains("scope\\nforged", written, StringComparison.Ordinal);
        Assert.Contains("value\\rforged", written, StringComparison.Ordinal);
        var lines = written.Split('\n');
        Assert.All(lines, line => Assert.False(line.StartsWith("forged", StringComparison.Ordinal) || line.Any(char.IsControl), line));
        Assert.All(lines.Skip(1).Where(line => line.Length > 0), line => Assert.StartsWith("      ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_harmless_stays_as_it_was()
    {
        var written = Write(singleLine: false, "path /\u00E9t\u00E9?\u4E2D", "scope", error: null);

        Assert.Contains("info: Test[7]", written, StringComparison.Ordinal);
        Assert.Contains("path /\u00E9t\u00E9?\u4E2D", written, StringComparison.Ordinal);
        Assert.Contains("=> scope", written, StringComparison.Ordinal);
    }

    private static string Write(bool singleLine, string message, string scope, Exception? error)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole(options =>
            (options.SingleLine, options.IncludeScopes, options.ColorBehavior) = (singleLine, true, LoggerColorBehavior.Disabled)));
        OneLineConsole.Replace(services);
        using var provider = services.BuildServiceProvider();
        var console = provider.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name is ConsoleFormatterNames.Simple);
        var scopes = new LoggerExternalScopeProvider();
        using var open = scopes.Push(scope);
        using var writer = new StringWriter();

        console.Write(new LogEntry<string>(LogLevel.Information, "Test", new EventId(7), message, error, (text, _) => text), scopes, writer);
        return writer.ToString();
    }
}
