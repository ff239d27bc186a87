extern alias package;

using System.Globalization;
using Microsoft.AspNetCore.Http;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The feed is read for as long as the service runs, whatever becomes of its answers.</summary>
public sealed class RevocationReaderTests
{
    private const string First = "01900000-0000-7000-8000-000000000001";
    private const string Second = "01900000-0000-7000-8000-000000000002";
    private const string Third = "01900000-0000-7000-8000-000000000003";
    private static readonly string[] Everything = [Entry(First), Entry(Second), Entry(Third)];

    [Fact]
    public async Task What_was_revoked_before_and_after_the_start_is_refused()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));
        Assert.False(service.Knows(Token(Second)));

        service.Feed.Revoke(Entry(Second));
        await service.UntilAsync(() => service.Knows(Token(Second)));

        Assert.True(service.Knows(Token(First)));
        Assert.False(service.Knows(Token(Third)));
        Assert.Equal(2, service.Status.Entries);
    }

    [Fact]
    public async Task The_first_poll_is_answered_at_once_and_the_others_wait()
    {
        await using var service = await ReadingService.StartAsync();

        await service.UntilAsync(() => service.Feed.Polls.Count >= 3);

        Assert.Equal(["?wait=0", "?after=1%200&wait=10", "?after=1%200&wait=10"], service.Feed.Polls.Take(3));
        Assert.Equal(1, service.Feed.MostOpen);
    }

    [Fact]
    public async Task An_empty_answer_keeps_the_knowledge_fresh()
    {
        await using var service = await ReadingService.StartAsync(options => options.MaxStaleness = TimeSpan.FromSeconds(40));
        await service.UntilAsync(() => service.Status.Age is not null);
        var begun = service.Clock.GetTimestamp();

        while (service.Clock.GetElapsedTime(begun) < TimeSpan.FromSeconds(90))
        {
            Assert.False(service.Status.IsStale, $"{service.Status.Age}");
            await Task.Delay(10);
        }

        Assert.InRange(service.Feed.Polls.Count, 4, 12);
    }

    [Fact]
    public async Task Pages_refuse_as_they_come_and_the_knowledge_is_complete_with_the_last()
    {
        var lastPage = new TaskCompletionSource();
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            feed.Revoke(Everything);
            feed.Faults.Enqueue(FeedServer.Say(Answer("1 2", more: true, Everything[..2])));
            feed.Faults.Enqueue(async http =>
            {
                await lastPage.Task;
                await http.Response.WriteAsync(Answer("1 3", more: false, Everything[2]));
            });
        });
        await service.UntilAsync(() => service.Knows(Token(Second)));
        Assert.True(service.Status is { IsStale: true, Age: null, Entries: 2 });

        lastPage.SetResult();
        await service.UntilAsync(() => service.Knows(Token(Third)));

        Assert.True(service.Status is { IsStale: false, Entries: 3 });
        Assert.Equal(["?wait=0", "?after=1%202&wait=0"], service.Feed.Polls.Take(2));
    }

    [Fact]
    public async Task A_feed_that_begins_anew_takes_the_place_of_what_was_known_when_it_is_complete()
    {
        var lastPage = new TaskCompletionSource();
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));

        service.Feed.Faults.Enqueue(FeedServer.Say(Answer("2 1", more: true, Entry(Second)).Replace("\"more\"", "\"restarted\":true,\"more\"", StringComparison.Ordinal)));
        service.Feed.Faults.Enqueue(async http =>
        {
            service.Feed.Restart(Entry(Second), Entry(Third));
            await lastPage.Task;
            await http.Response.WriteAsync(Answer("2 2", more: false, Entry(Third)));
        });
        service.Feed.Revoke(Entry(First)); // ends the poll that waits
        await service.UntilAsync(() => service.Knows(Token(Second)));
        Assert.True(service.Knows(Token(First)));
        lastPage.SetResult();
        await service.UntilAsync(() => service.Knows(Token(Third)));

        Assert.True(service.Knows(Token(Second)));
        Assert.False(service.Knows(Token(First)));
        Assert.Contains(service.Log, line => line.Contains("began anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_database_is_read_from_its_beginning()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));

        service.Feed.Restart(Entry(Second), Entry(Third));

        await service.UntilAsync(() => service.Knows(Token(Third)) && !service.Knows(Token(First)));
        Assert.True(service.Knows(Token(Second)));
    }

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

        Assert.True(service.Knows(Token(First)));
        Assert.False(service.Status.IsStale);
        Assert.Contains(service.Feed.Polls, poll => poll.EndsWith("wait=0", StringComparison.Ordinal) && poll.Contains("after", StringComparison.Ordinal));
        Assert.Equal(1, service.Log.Count(line => line.Contains("could not be read", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Log, line => line.Contains("sk_x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_nothing_is_answered_the_knowledge_grows_stale_and_still_refuses()
    {
        await using var service = await ReadingService.StartAsync(options => options.MaxStaleness = TimeSpan.FromSeconds(20), feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Status is { IsStale: false, Entries: 1 });

        for (var i = 0; i < 500; i++)
            service.Feed.Faults.Enqueue(FeedServer.Status(503));
        await service.UntilAsync(() => service.Status.IsStale);

        Assert.True(service.Knows(Token(First)));
        Assert.True(service.Status.Age > TimeSpan.FromSeconds(20));
        service.Feed.Faults.Clear();
        await service.UntilAsync(() => !service.Status.IsStale);
    }

    /// <summary>Two minutes of pauses of five seconds and less.</summary>
    [Fact]
    public async Task Pauses_grow_to_a_few_seconds()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            for (var i = 0; i < 500; i++)
                feed.Faults.Enqueue(FeedServer.Status(500));
        });
        var begun = service.Clock.GetTimestamp();

        await Task.Delay(TimeSpan.FromSeconds(120), service.Clock);

        var elapsed = service.Clock.GetElapsedTime(begun).TotalSeconds;
        Assert.InRange(service.Feed.Polls.Count, 5, 10 + (elapsed / 2.5));
    }

    [Fact]
    public async Task Answers_that_come_too_fast_make_for_ten_polls_a_second_at_most()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            for (var i = 0; i < 5000; i++)
                feed.Faults.Enqueue(FeedServer.Say(Answer("1 0", more: false)));
        });
        var begun = service.Clock.GetTimestamp();

        await Task.Delay(TimeSpan.FromSeconds(10), service.Clock);

        // A timer of the fast clock may ring a millisecond too early, which is a fifth of the pause.
        Assert.InRange(service.Feed.Polls.Count, 2, 2 + (13 * service.Clock.GetElapsedTime(begun).TotalSeconds));
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

    [Fact]
    public async Task Kinds_that_are_not_known_are_passed_over_and_logged_once()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke("""{"client":"c1","until":99999999999}""", Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));

        service.Feed.Revoke("""{"client":"c2","until":99999999999}""", Entry(Second));
        await service.UntilAsync(() => service.Knows(Token(Second)));

        Assert.Equal(1, service.Log.Count(line => line.Contains("of a kind", StringComparison.Ordinal)));
        Assert.Equal(2, service.Status.Entries);
    }

    [Fact]
    public async Task What_has_ended_is_dropped_half_a_minute_after_its_end()
    {
        await using var service = await ReadingService.StartAsync();
        var now = service.Clock.GetUtcNow().ToUnixTimeSeconds();
        service.Feed.Revoke(Entry(First, now + 5), Entry(Second, now + 100_000));
        await service.UntilAsync(() => service.Knows(Token(First)));

        await service.UntilAsync(() => !service.Knows(Token(First)));

        Assert.True(service.Clock.GetUtcNow().ToUnixTimeSeconds() >= now + 35);
        Assert.True(service.Knows(Token(Second)));
        Assert.Equal(1, service.Status.Entries);
    }

    [Fact]
    public async Task It_stops_with_the_service_in_the_middle_of_a_poll()
    {
        await using var service = await ReadingService.StartAsync(options => (options.Wait, options.MaxStaleness) = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)));
        await service.UntilAsync(() => service.Feed.Polls.Count == 2);

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var polls = service.Feed.Polls.Count;
        service.Feed.Revoke(Entry(First));
        await Task.Delay(TimeSpan.FromSeconds(20), service.Clock);

        Assert.Equal(polls, service.Feed.Polls.Count);
        Assert.False(service.Knows(Token(First)));
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

    private static string Entry(string session, long until = 99_999_999_999) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"sid":"{{session}}","until":{{until}}}""");

    private static string Answer(string cursor, bool more, params string[] entries) =>
        $$"""{"cursor":"{{cursor}}","now":1764362400.123,"revoked":[{{string.Join(',', entries)}}]{{(more ? ",\"more\":true" : "")}}}""";

    private static CheckedToken Token(string session) => new("a.b.AAAA", "ada", IssuedAt: 1, HasSession: true, Guid.Parse(session));
}
