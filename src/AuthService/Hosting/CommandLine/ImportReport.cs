using System.Diagnostics;
using System.Globalization;
using AuthService.Configuration;

namespace AuthService.Hosting.CommandLine;

/// <summary>Collects the result of an import. Invalid lines are reported when they are found.</summary>
internal sealed class ImportReport
{
    /// <summary>The most names that are reported one by one. A file from another system may have a new name in every line.</summary>
    private const int MostNames = 50;

    private readonly Dictionary<string, long> _unread = new(StringComparer.Ordinal);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _added;
    private long _alreadyThere;
    private long _refused;
    private long _otherUnread;

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

    /// <summary>Counts a line with a member that is not read.</summary>
    public void NoteUnread(string member)
    {
        if (_unread.TryGetValue(member, out var lines) || _unread.Count < MostNames)
            _unread[member] = lines + 1;
        else
            _otherUnread++;
    }

    /// <returns>The exit code. An invalid line makes the import a failure, but the valid lines are still imported.</returns>
    public int Finish()
    {
        TellUnread();
        var pace = (_added + _alreadyThere) / Math.Max(_watch.Elapsed.TotalSeconds, 0.001);
        var summary = string.Create(
            CultureInfo.InvariantCulture, $"{_added} added, {_alreadyThere} already there, {_refused} bad lines; {pace:0} people a second.");
        return _refused == 0 ? Terminal.Done(summary) : Terminal.Fail(summary);
    }

    private void TellUnread()
    {
        if (_unread.Count == 0)
            return;
        var names = _unread.OrderBy(name => name.Key, StringComparer.Ordinal)
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"{SettingValue.Show(name.Key)} ({name.Value} lines)"));
        if (_otherUnread > 0)
            names = names.Append(string.Create(CultureInfo.InvariantCulture, $"others ({_otherUnread} times)"));
        Console.Error.WriteLine($"not read: {string.Join(", ", names)}");
    }
}
