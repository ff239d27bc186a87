using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Xunit;
using static AuthService.UnitTests.Client.RevokedSessions;

namespace AuthService.UnitTests.Client;

/// <summary>After any fault of a poll, the next one continues where the last complete answer ended.</summary>
public sealed partial class RevocationFaultTests
{
    [Fact]
    public async Task A_cursor_that_is_refused_is_not_sent_again()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        service.Feed.Faults.Enqueue(FeedServer.Say(Answer("malformed", more: false)));
        await service.UntilAsync(() => service.Feed.Polls.Any(poll => poll.Contains("after=malformed", StringComparison.Ordinal)));

        await service.UntilFreshAsync();

        Assert.True(service.Knows(Token(First)));
        Assert.Equal(1, service.Feed.Polls.Count(poll => poll.Contains("after=malformed", StringComparison.Ordinal)));
        Assert.Equal("?wait=0", service.Feed.Polls.SkipWhile(poll => !poll.Contains("malformed", StringComparison.Ordinal)).ElementAt(1));
    }

    public static TheoryData<string> Faults { get; } = ["401", "403", "429", "500", "503", "503 with Retry-After", "hang", "drop", "page", "half", "no cursor"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task After_any_fault_the_next_poll_is_answered_at_once_and_nothing_is_missed(string fault)
    {
        await using var service = await ReadingService.StartAsync();
        await service.UntilAsync(() => service.Status.Age is not null);
        for (var i = 0; i < 2; i++)
            service.Feed.Faults.Enqueue(FaultOf(fault));

        service.Feed.Revoke(Entry(First));
        await service.UntilAsync(() => service.Feed.Faults.IsEmpty);
        service.Feed.Revoke(Entry(Second));
        await service.UntilAsync(() => service.Knows(Token(Second)));
        await service.UntilAsync(() => service.Log.Any(line => line.Contains("read again after", StringComparison.Ordinal)));

        await service.UntilAsync(() => !service.Status.IsStale);
        Assert.True(service.Knows(Token(First)));
        Assert.Contains(service.Feed.Polls, poll => poll.EndsWith("wait=0", StringComparison.Ordinal) && poll.Contains("after", StringComparison.Ordinal));
        var failures = Failures(service);
        Assert.NotNull(failures[0]);
        Assert.DoesNotContain(failures.Zip(failures.Skip(1)), next => next.First is not null && next.First == next.Second); // not for each poll
        Assert.DoesNotContain(service.Log, line => line.Contains("sk_x", StringComparison.Ordinal));
    }

    /// <summary>A service whose credential is refused must not look like one that waits for the end of an outage.</summary>
    [Fact]
    public async Task A_failure_of_another_kind_is_logged_too()
    {
        await using var service = await ReadingService.StartAsync();
        await service.UntilAsync(() => service.Status.Age is not null);
        foreach (var status in new[] { 503, 503, 401, 401 })
            service.Feed.Faults.Enqueue(FeedServer.Status(status));

        service.Feed.AnswerPolls();
        await service.UntilAsync(() => Failures(service) is [.., null] seen && seen.Contains("401", StringComparer.Ordinal));

        var failures = Failures(service);
        Assert.Contains("503", failures, StringComparer.Ordinal);
        Assert.Contains("401", failures, StringComparer.Ordinal);
        Assert.DoesNotContain(failures.Zip(failures.Skip(1)), next => next.First == next.Second);
    }

    /// <summary>The status of each failure that was logged, or "no answer"; null where the feed was read again.</summary>
    private static List<string?> Failures(ReadingService service) =>
    [
        .. from line in service.Log
           let failed = line.Contains("could not be read", StringComparison.Ordinal)
           where failed || line.Contains("read again after", StringComparison.Ordinal)
           select !failed ? null : Status().Match(line) is { Success: true, Value: var status } ? status : "no answer",
    ];

    [GeneratedRegex("(?<=AuthService answered )[0-9]{3}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Status();

    [Fact]
    public async Task While_nothing_is_answered_the_knowledge_grows_stale_and_still_refuses()
    {
        await using var service = await ReadingService.StartAsync(
            options => options.MaxStaleness = TimeSpan.FromSeconds(20), feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Status is { IsStale: false, Entries: 1 });

        for (var i = 0; i < 500; i++)
            service.Feed.Faults.Enqueue(FeedServer.Status(503));
        await service.UntilAsync(() => service.Status.IsStale);

        Assert.True(service.Knows(Token(First)));
        Assert.True(service.Status.Age > TimeSpan.FromSeconds(20));
        service.Feed.Faults.Clear();
        await service.UntilAsync(() => !service.Status.IsStale);
    }

    /// <summary>The test lasts two minutes by its clock, with pauses of at most five seconds.</summary>
    [Fact]
    public async Task Pauses_grow_to_a_few_seconds()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            for (var i = 0; i < 500; i++)
                feed.Faults.Enqueue(FeedServer.Status(500));
        });
        await Task.Delay(TimeSpan.FromSeconds(120), service.Clock);

        Assert.InRange(service.Feed.Polls.Count, 5, 10 + (service.Clock.SinceStart.TotalSeconds / 2.5));
    }

    [Fact]
    public async Task Answers_that_come_too_fast_make_for_ten_polls_a_second_at_most()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            for (var i = 0; i < 5000; i++)
                feed.Faults.Enqueue(FeedServer.Say(Answer("1 0", more: false)));
        });
        await Task.Delay(TimeSpan.FromSeconds(10), service.Clock);

        // A timer of the fast clock may fire a millisecond too early, which is a fifth of the pause.
        Assert.InRange(service.Feed.Polls.Count, 2, 2 + (13 * service.Clock.SinceStart.TotalSeconds));
    }

    [Fact]
    public async Task A_feed_that_goes_no_further_is_a_fault()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            for (var i = 0; i < 4; i++)
                feed.Faults.Enqueue(FeedServer.Say(Answer("1 0", more: true)));
        });

        await service.UntilAsync(() => service.Log.Any(line => line.Contains("goes no further", StringComparison.Ordinal)));
        await service.UntilAsync(() => !service.Status.IsStale);
    }

    private static Func<HttpContext, Task> FaultOf(string name) => name switch
    {
        "hang" => FeedServer.HangAsync,
        "drop" => FeedServer.DropAsync,
        "page" => FeedServer.Say("<!DOCTYPE html>"),
        "half" => FeedServer.Say("""{"cursor":"1 0","now":1764362400.1}"""),
        "no cursor" => FeedServer.Say("""{"cursor":null,"now":1764362400.1,"revoked":[]}"""),
        "503 with Retry-After" => FeedServer.Status(503, "2"),
        _ => FeedServer.Status(int.Parse(name, CultureInfo.InvariantCulture)),
    };
}
