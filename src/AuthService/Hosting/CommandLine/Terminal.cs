using Spectre.Console;

namespace AuthService.Hosting.CommandLine;

/// <summary>The output and the questions of commands. Results go to standard output, everything else to standard error.</summary>
internal static class Terminal
{
    private const int Failure = 1;

    /// <summary>The console of standard error. It is for progress and questions, so that a result can be piped.</summary>
    public static IAnsiConsole Errors => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

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

    /// <summary>
    /// Reads one line from standard input. A person is asked for it and types it without echo. It is never an argument, which other users could see.
    /// </summary>
    public static string ReadPassword() => ReadSecret("Password:");

    /// <inheritdoc cref="ReadPassword"/>
    public static string ReadSecret(string question) => Console.IsInputRedirected
        ? Console.In.ReadLine() ?? ""
        : Errors.Prompt(new TextPrompt<string>(question).Secret(mask: null).AllowEmpty());
}
