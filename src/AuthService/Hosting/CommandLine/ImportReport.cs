using System.Diagnostics;
using System.Globalization;

namespace AuthService.Hosting.CommandLine;

/// <summary>What came of an import. Bad lines are told as they are found.</summary>
internal sealed class ImportReport
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _added;
    private long _alreadyThere;
    private long _refused;

    public void Count(int people, int added)
    {
        _added += added;
        _alreadyThere += people - added;
    }

    public void Refuse(long line, string fault)
    {
        _refused++;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line}: {fault}"));
    }

    /// <returns>The exit code: a bad line makes it a failure, but takes nothing from the good ones.</returns>
    public int Finish()
    {
        var pace = (_added + _alreadyThere) / Math.Max(_watch.Elapsed.TotalSeconds, 0.001);
        var summary = string.Create(
            CultureInfo.InvariantCulture, $"{_added} added, {_alreadyThere} already there, {_refused} bad lines; {pace:0} people a second.");
        return _refused == 0 ? Terminal.Done(summary) : Terminal.Fail(summary);
    }
}
