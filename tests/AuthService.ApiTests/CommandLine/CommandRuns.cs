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

/// <summary>
/// Runs commands: <c>await host.RunAsync(["user", "add", id], input: password)</c>. <c>RunAsync</c> runs a command inside the process of the tests.
/// <c>RunProcessAsync</c> starts the built program, which costs more than a second of processor time. It is for what only a process shows: that each
/// command works from the entry point to the exit code (once for each), encodings of the console, environment variables, several processes on one
/// store, secrets in all output. <c>StartCommand</c> is for signals.
/// </summary>
public static class CommandRuns
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a command on the store of this instance.</summary>
    public static async Task<CommandResult> RunAsync(this AuthHost host, string[] arguments, string input = "")
    {
        using var folder = new ServiceFolder();
        return await folder.RunAsync(OnStoreOf(host), arguments, input);
    }

    /// <inheritdoc cref="RunAsync(AuthHost, string[], string)"/>
    public static async Task<CommandResult> RunProcessAsync(this AuthHost host, string[] arguments, string input = "")
    {
        using var folder = new ServiceFolder();
        return await folder.RunProcessAsync(OnStoreOf(host), arguments, input);
    }

    /// <summary>The settings of a command on the store of this instance.</summary>
    public static Settings OnStoreOf(AuthHost host) =>
        new Settings
        {
            ["environment"] = "Development",
            ["Passwords:BcryptCost"] = "4",
            ["Passwords:TemporaryWhenSetByAdministrator"] = "false",
        }.With(host.Database.Settings);

    /// <summary>
    /// Runs a command with these settings. It runs as a process if the tests read from a terminal, because it would ask the person there for a password.
    /// </summary>
    public static Task<CommandResult> RunAsync(this ServiceFolder folder, Settings settings, string[] arguments, string input = "") =>
        Console.IsInputRedirected
            ? ProgramRun.RunAsync(folder, settings, arguments, input)
            : folder.RunProcessAsync(settings, arguments, input);

    /// <summary>Starts the service with settings that do not let it start. It never listens: the start ends after the check of the settings.</summary>
    public static Task<CommandResult> RefuseAsync(this ServiceFolder folder, Settings settings) => ProgramRun.RunAsync(folder, settings, [], input: "");

    public static async Task<CommandResult> RunProcessAsync(this ServiceFolder folder, Settings settings, string[] arguments, string input = "")
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
