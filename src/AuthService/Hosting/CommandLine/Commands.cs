using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using AuthService.Configuration;
using AuthService.Storage;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands of the binary. Without a command the binary runs the service.</summary>
internal static class Commands
{
    /// <summary>The exit code for wrong arguments, as in the shell's own commands.</summary>
    private const int UsageError = 2;

    private static readonly string[] Names = ["migrate", "user", "service", "key", "session", "audit", "webhook", "explain", "doctor", "verify"];

    /// <summary>
    /// Returns whether the arguments name a command: the first is not a setting (<c>--Key=value</c>), or asks for help. A command after settings
    /// also counts, and is then refused. Otherwise a command meant to look at a set-up would start the service.
    /// </summary>
    public static bool IsCommand(string[] args) =>
        args is [var first, ..] && (!IsSetting(first) || FindBehindSettings(args) is not null);

    /// <summary>Sends the log of a command to standard error, so that its result can be piped.</summary>
    public static WebApplicationBuilder AddCommands(this WebApplicationBuilder builder, string[] args)
    {
        if (IsCommand(args))
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }

    /// <returns>The exit code: 0 for success, 1 for failure, 2 for wrong arguments.</returns>
    public static async Task<int> RunCommandAsync(this WebApplication app, string[] args)
    {
        if (FindBehindSettings(args) is { } misplaced)
        {
            await Console.Error.WriteLineAsync($"The command comes first: {misplaced} …; give settings as environment variables or files.");
            return UsageError;
        }

        var store = new CommandStore(app.Services);
        var root = new RootCommand("AuthService: sign-in, sessions and tokens. Without a command it runs the service.")
        {
            CreateMigrate(store),
            UserCommands.Create(store),
            ServiceCommands.Create(store),
            KeyCommands.Create(app.Services),
            SessionCommands.Create(store),
            AuditCommands.Create(store),
            WebhookCommands.Create(store),
            ExplainCommand.Create(store),
            DoctorCommand.Create(app.Services),
            VerifyCommand.Create(app),
        };
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }); // a name may begin with "@"
        if (parsed.Errors.Count == 0)
            return await RunAsync(parsed);
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync(ToLine(error));
        await Console.Error.WriteLineAsync("With --help a command says what it takes.");
        return UsageError;
    }

    private static bool IsSetting(string first) => first.StartsWith('-') && first is not ("--help" or "-h" or "-?" or "--version");

    /// <summary>Finds a command after settings. A word after <c>--Section:Name</c> is the value of that setting, not a command.</summary>
    private static string? FindBehindSettings(string[] args) => args is [var first, .. var others] && IsSetting(first)
        ? others.Zip(args).Where(pair => !IsNameAlone(pair.Second)).Select(pair => pair.First)
            .FirstOrDefault(word => Names.Contains(word, StringComparer.Ordinal))
        : null;

    private static bool IsNameAlone(string word) =>
        word.StartsWith('-') && word.Contains(':', StringComparison.Ordinal) && !word.Contains('=', StringComparison.Ordinal);

    private static Command CreateMigrate(CommandStore store)
    {
        var role = new Option<string?>("--grant-to") { Description = "The PostgreSQL role of the service, which gets what it needs and no more." };
        var migrate = new Command("migrate", "Brings the schema up to date, one instance at a time however many are asked.") { role };
        migrate.SetAction((arguments, cancellation) => store.MigrateAsync(arguments.GetValue(role), cancellation));
        return migrate;
    }

    /// <summary>Writes an error with the name of the option or argument that it is about.</summary>
    private static string ToLine(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Option.Name: var name } => $"{name}: {error.Message}",
        ArgumentResult { Parent: OptionResult { Option.Name: var name } } => $"{name}: {error.Message}",
        ArgumentResult { Argument.Name: var name } => $"<{name}>: {error.Message}",
        _ => error.Message,
    };

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            if (parsed.CommandResult.Command.Name == VerifyCommand.Name)
                invocation.ProcessTerminationTimeout = VerifyCommand.CleanUpTimeout;
            return await parsed.InvokeAsync(invocation);
        }
        catch (OptionsValidationException invalid)
        {
            return Terminal.Fail(["The settings are faulty:", .. SettingFaults.Of(invalid).Select(fault => $"  - {fault}")]);
        }
        catch (StoreUnusableException unusable)
        {
            return Terminal.Fail(unusable.Message);
        }
        catch (Exception error) when ((error.InnerException ?? error) is DbException database)
        {
            return Terminal.Fail(database.Message);
        }
        catch (Exception error) when (error is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Terminal.Fail(error.Message);
        }
        catch (OperationCanceledException)
        {
            return Terminal.Fail("Interrupted.");
        }
    }
}
