using System.Diagnostics;
using System.Text;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The exit code and the output of a command.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The only line of standard output. Fails unless the command succeeded and wrote nothing else.</summary>
    public string Line => Assert.Single(Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Fails with the whole output unless the command ended with this exit code. A stack trace in the output fails too.</summary>
    public CommandResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"expected {exitCode}, got {ExitCode}\n{Output}\n{Errors}");
        Assert.DoesNotContain("   at ", Output + Errors, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Fails unless the command ended with this exit code, wrote these words to standard error and nothing to standard output.</summary>
    public CommandResult Refused(int exitCode, string words)
    {
        Expect(exitCode);
        Assert.Contains(words, Errors, StringComparison.Ordinal);
        Assert.Empty(Output);
        return this;
    }
}

/// <summary>Runs commands of the built binary, each in a process of its own: <c>await host.RunAsync(["user", "add", id], input: password)</c>.</summary>
public static class CommandRuns
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a command on the store of this instance.</summary>
    public static async Task<CommandResult> RunAsync(this AuthHost host, string[] arguments, string input = "")
    {
        using var folder = new ServiceFolder();
        return await folder.RunAsync(OnStoreOf(host), arguments, input);
    }

    /// <summary>The settings of a command on the store of this instance.</summary>
    public static Settings OnStoreOf(AuthHost host) =>
        new Settings
        {
            ["environment"] = "Development",
            ["Passwords:BcryptCost"] = "4",
            ["Passwords:TemporaryWhenSetByAdministrator"] = "false",
        }.With(host.Database.Settings);

    public static async Task<CommandResult> RunAsync(this ServiceFolder folder, Settings settings, string[] arguments, string input = "")
    {
        using var process = folder.StartCommand(settings, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a command that can be interrupted. Children of a background shell would otherwise ignore SIGINT.</summary>
    public static Process StartCommand(this ServiceFolder folder, Settings settings, string[] arguments)
    {
        var start = folder.StartInfo(settings, arguments);
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--default-signal=INT");
        start.FileName = "env";
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Process.Start(start)!;
    }
}
