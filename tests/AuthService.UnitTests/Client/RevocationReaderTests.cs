using Microsoft.AspNetCore.Http;
using Xunit;
using static AuthService.UnitTests.Client.RevokedSessions;

namespace AuthService.UnitTests.Client;

/// <summary>The feed is read while the service runs, and its revocations are in force.</summary>
public sealed class RevocationReaderTests
{
    private static readonly string[] Everything = [Entry(First), Entry(Second), Entry(Third)];

    [Fact]
    public async Task What_was_revoked_before_and_after_the_start_is_refused()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));
        Assert.False(service.Knows(Token(Second)));

        service.Feed.Revoke(Entry(Second));
        await service.UntilAsync(() => service.Knows(Token(Second)) && service.Status.Entries is 2);

        Assert.True(service.Knows(Token(First)));
        Assert.False(service.Knows(Token(Third)));
    }

    [Fact]
    public async Task The_first_poll_is_answered_at_once_and_the_others_wait()
    {
        await using var service = await ReadingService.StartAsync();

        await service.UntilAsync(() => Others().Count() >= 2);

        Assert.Equal("?wait=0", service.Feed.Polls.First());
        Assert.Equal(["?after=1%200&wait=10", "?after=1%200&wait=10"], Others().Take(2), StringComparer.Ordinal);
        // A poll that was given up may still be open at the server when it is repeated.
        if (service.Feed.Polls.Count(poll => poll.EndsWith("wait=0", StringComparison.Ordinal)) == 1)
            Assert.Equal(1, service.Feed.MostOpen);

        // On a busy machine a poll may get no answer in time. The next one then does not wait.
        IEnumerable<string> Others() => service.Feed.Polls.Where(poll => !poll.EndsWith("wait=0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_answer_keeps_the_knowledge_fresh()
    {
        await using var service = await ReadingService.StartAsync(
            options => (options.Wait, options.MaxStaleness) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(40)));
        await service.UntilAsync(() => service.Status.Age is not null && service.Feed.Polls.Last().EndsWith("wait=30", StringComparison.Ordinal));
        service.Clock.Hold();

        for (var answers = 0; answers < 9; answers++)
        {
            var polls = service.Feed.Polls.Count;
            service.Clock.Advance(TimeSpan.FromSeconds(10));
            service.Feed.AnswerPolls();
            await service.UntilAsync(() => service.Feed.Polls.Count > polls);
            Assert.False(service.Status.IsStale, $"{service.Status.Age}");
        }
    }

    [Fact]
    public async Task Pages_refuse_as_they_come_and_the_knowledge_is_complete_with_the_last()
    {
        var lastPage = new TaskCompletionSource();
        await using var service = await ReadingService.StartAsync(prepare: feed =>
        {
            feed.Revoke(Everything);
            feed.Faults.Enqueue(FeedServer.Say(Answer("1 2", more: true, Everything[..2])));
            for (var i = 0; i < 20; i++) // on a busy machine more than one poll may wait for it in vain
                feed.Faults.Enqueue(LastPageAsync);
        });
        await service.UntilAsync(() => service.Knows(Token(Second)) && service.Status is { IsStale: true, Age: null, Entries: 2 });

        lastPage.SetResult();
        await service.UntilAsync(() => service.Knows(Token(Third)) && service.Status is { IsStale: false, Entries: 3 });

        Assert.Equal(["?wait=0", "?after=1%202&wait=0"], service.Feed.Polls.Take(2), StringComparer.Ordinal);

        async Task LastPageAsync(HttpContext http)
        {
            await lastPage.Task;
            await http.Response.WriteAsync(Answer("1 3", more: false, Everything[2]));
        }
    }

    [Fact]
    public async Task A_feed_that_begins_anew_adds_to_what_is_known()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke(Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));

        service.Feed.Restart(Entry(Second), Entry(Third));
        await service.UntilAsync(() => service.Knows(Token(Third)));

        Assert.True(service.Knows(Token(Second)));
        Assert.True(service.Knows(Token(First)), "a database that was restored has forgotten it, and the token has not expired");
        Assert.Contains(service.Log, line => line.Contains("started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kinds_that_are_not_known_are_passed_over_and_logged_once()
    {
        await using var service = await ReadingService.StartAsync(prepare: feed => feed.Revoke("""{"client":"c1","until":99999999999}""", Entry(First)));
        await service.UntilAsync(() => service.Knows(Token(First)));

        service.Feed.Revoke("""{"client":"c2","until":99999999999}""", Entry(Second));
        await service.UntilAsync(() => service.Knows(Token(Second)) && service.Status.Entries is 2);

        Assert.Equal(1, service.Log.Count(line => line.Contains("of a kind", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_has_ended_is_dropped_half_a_minute_after_its_end()
    {
        await using var service = await ReadingService.StartAsync();
        var now = service.Clock.GetUtcNow().ToUnixTimeSeconds();
        service.Feed.Revoke(Entry(First, now + 5), Entry(Second, now + 100_000));
        await service.UntilAsync(() => service.Knows(Token(First)));

        await service.UntilAsync(() => !service.Knows(Token(First)) && service.Status.Entries is 1);

        Assert.True(service.Clock.GetUtcNow().ToUnixTimeSeconds() >= now + 35);
        Assert.True(service.Knows(Token(Second)));
    }

    [Fact]
    public async Task It_stops_with_the_service_in_the_middle_of_a_poll()
    {
        await using var service = await ReadingService.StartAsync(
            options => (options.Wait, options.MaxStaleness) = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)));
        await service.UntilAsync(() => service.Feed.Polls.Count >= 2);

        await service.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var polls = service.Feed.Polls.Count;
        service.Feed.Revoke(Entry(First));
        await Task.Delay(TimeSpan.FromSeconds(20), service.Clock);

        Assert.Equal(polls, service.Feed.Polls.Count);
        Assert.False(service.Knows(Token(First)));
    }
}
