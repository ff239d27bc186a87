using System.Text;

namespace AuthService.ApiTests.CommandLine;

/// <summary>
/// The console of one run of the program inside the process of the tests. The program uses <see cref="Console"/>, which all runs share. The reader and the
/// writers that are set there pass each call on to the console of the run that it comes from, or else to the console of the tests.
/// </summary>
internal sealed class RunConsole : IDisposable
{
    private static readonly AsyncLocal<RunConsole?> Current = new();
    private static readonly TextReader Input = new Reader(Console.In);

    private readonly StringReader _input;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    static RunConsole()
    {
        Console.SetOut(new Writer(Console.Out, run => run._output));
        Console.SetError(new Writer(Console.Error, run => run._errors));
    }

    /// <param name="input">The whole standard input.</param>
    public RunConsole(string input)
    {
        _input = new StringReader(input);
        Console.SetIn(Input); // for each run, because Playwright replaces it when it starts a browser
    }

    /// <summary>The text that was written to standard output.</summary>
    public string Output => $"{_output}";

    /// <summary>The text that was written to standard error.</summary>
    public string Errors => $"{_errors}";

    /// <summary>Runs code that uses this console, in every task and thread that it starts.</summary>
    public async Task<int> UseAsync(Func<Task<int>> run)
    {
        Current.Value = this;
        return await run();
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private sealed class Reader(TextReader others) : TextReader
    {
        private TextReader Source => Current.Value?._input ?? others;

        public override int Peek() => Source.Peek();

        public override int Read() => Source.Read();
    }

    private sealed class Writer(TextWriter others, Func<RunConsole, TextWriter> choose) : TextWriter
    {
        public override Encoding Encoding => others.Encoding;

        private TextWriter Target => Current.Value is { } run ? choose(run) : others;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => Target.Write(buffer);

        public override void Write(string? value) => Target.Write(value);

        public override void Flush() => Target.Flush();
    }
}
