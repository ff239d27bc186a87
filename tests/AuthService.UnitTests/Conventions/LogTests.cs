using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AuthService.Refusals;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks that each log message is in the Log file of its feature with a unique id, and in src/AuthService/OPERATIONS.md.</summary>
public sealed partial class LogTests
{
    private static readonly (Type Type, LoggerMessageAttribute Message)[] Messages =
    [
        .. from type in typeof(Program).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type, message),
    ];

    [Fact]
    public void A_message_stands_in_a_log_file() => Breaches.None(
        from message in Messages
        where !message.Type.Name.EndsWith("Log", StringComparison.Ordinal)
        select $"{message.Type}: {message.Message.Message}");

    [Fact]
    public void Each_has_an_id_of_its_own()
    {
        Assert.NotEmpty(Messages);
        Breaches.None(
            from message in Messages
            group message by message.Message.EventId into same
            where same.Key <= 0 || same.Count() > 1
            select $"{same.Key}: {string.Join(" | ", same.Select(message => message.Message.Message))}");
    }

    /// <summary>
    /// An operator who sets alerts on the lines in src/AuthService/OPERATIONS.md misses none, and waits for none that is no longer written.
    /// </summary>
    [Fact]
    public void Each_error_and_warning_stands_in_the_table_of_OPERATIONS()
    {
        var listed = Section().Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => $"{row.Groups["level"].Value}: {row.Groups["line"].Value}").ToList();
        var written = Messages.Select(message => message.Message).Where(message => message.Level >= LogLevel.Warning)
            .Select(message => $"{message.Level}: {Placeholder().Replace(message.Message, "…")}").ToList();

        Assert.NotEmpty(listed);
        Breaches.None(
        [
            .. written.Except(listed, StringComparer.Ordinal).Select(line => $"not in the table: {line}"),
            .. listed.Except(written, StringComparer.Ordinal).Where(line => !line.StartsWith("Information", StringComparison.Ordinal))
                .Select(line => $"never written: {line}"),
        ]);
    }

    [Fact]
    public void Each_id_stands_in_a_range_of_OPERATIONS()
    {
        var ids = Messages.Select(message => message.Message.EventId).ToList();
        var sentence = string.Join(' ', Section().SkipWhile(line => !line.Contains("event id:", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0));
        var ranges = IdRange().Matches(sentence).Select(range => (First: NumberOf(range, "first"), Last: NumberOf(range, "last"))).ToList();

        Assert.NotEmpty(ranges);
        Breaches.None(
        [
            .. ids.Where(id => !ranges.Exists(range => range.First <= id && id <= range.Last)).Select(id => $"{id} is in no range"),
            .. ranges.SelectMany(range => new[] { range.First, range.Last }).Except(ids).Select(id => $"{id} is the end of a range and of no message"),
        ]);

        static int NumberOf(Match range, string end) =>
            int.Parse(range.Groups[range.Groups[end].Success ? end : "first"].Value, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>An unused reason would be searched for in vain.</summary>
    [Fact]
    public void Each_reason_of_a_refusal_is_used()
    {
        var sources = Repository.SourcesOf("src/AuthService").Where(path => !path.EndsWith("/RefusalReason.cs", StringComparison.Ordinal))
            .SelectMany(path => Repository.LinesOf("src/AuthService", path)).ToList();

        Breaches.None(
            from reason in Enum.GetNames<RefusalReason>()
            where !sources.Exists(line => line.Contains($"RefusalReason.{reason}", StringComparison.Ordinal))
            select $"{reason} is not used");
    }

    private static IEnumerable<string> Section() => Repository.LinesOf("src/AuthService/OPERATIONS.md")
        .SkipWhile(line => line is not "## Logs").Skip(1).TakeWhile(line => !line.StartsWith('#'));

    [GeneratedRegex(@"^\| (?<level>Critical|Error|Warning|Information) \| (?<line>[^|]+) \|", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(?<first>[0-9]{3,4})( to (?<last>[0-9]{3,4}))? [a-z]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IdRange();
}
