using Spectre.Console;

namespace AuthService.Hosting.CommandLine;

/// <summary>What commands say and ask. Results go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    private const int Failure = 1;

    /// <summary>The console of standard error: for progress and questions, so that a result can be piped.</summary>
    public static IAnsiConsole Errors { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static int Fail(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Error.WriteLine(line);
        return Failure;
    }

    public static int Done(string line)
    {
        Console.Out.WriteLine(line);
        return 0;
    }

    /// <summary>From standard input, one line; asked for without echo where a person types it. Never an argument, which others could see.</summary>
    public static string ReadPassword() => ReadSecret("Password:");

    /// <inheritdoc cref="ReadPassword"/>
    public static string ReadSecret(string question) => Console.IsInputRedirected
        ? Console.In.ReadLine() ?? ""
        : Errors.Prompt(new TextPrompt<string>(question).Secret(mask: null).AllowEmpty());
}
