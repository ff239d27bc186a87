extern alias package;

using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using package::AuthService.Client;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The verdict on a token that is known to be revoked, is not, or cannot be checked.</summary>
public sealed class RevocationCheckTests
{
    private const string Session = "01900000-0000-7000-8000-000000000001";
    private static readonly JsonWebToken Token = New(Session);
    private static readonly JsonWebToken Other = New("01900000-0000-7000-8000-000000000002");

    [Fact]
    public async Task With_fresh_knowledge_nobody_is_asked()
    {
        await using var service = await ReadingService.StartAsync(prepare: Revoked);
        await service.UntilAsync(() => !service.Status.IsStale);
        service.Clock.Hold();

        Assert.Equal(RevocationVerdict.Revoked, await service.CheckAsync(Token));
        Assert.Equal(RevocationVerdict.NotRevoked, await service.CheckAsync(Other));
        Assert.Equal(0, service.Feed.Questions);
    }

    [Theory]
    [InlineData(WhenStale.Refuse)]
    [InlineData(WhenStale.Allow)]
    [InlineData(WhenStale.Ask)]
    public async Task Before_the_first_complete_answer_it_is_as_with_stale_knowledge(WhenStale whenStale)
    {
        await using var service = await ReadingService.StartAsync(options => options.WhenStale = whenStale, NeverAnswers);
        service.Clock.Hold();

        Assert.Equal(whenStale is WhenStale.Refuse ? RevocationVerdict.Unknown : RevocationVerdict.NotRevoked, await service.CheckAsync(Other));
        Assert.Equal(whenStale is WhenStale.Ask ? 1 : 0, service.Feed.Questions);
    }

    [Theory]
    [InlineData(WhenStale.Refuse)]
    [InlineData(WhenStale.Allow)]
    [InlineData(WhenStale.Ask)]
    public async Task What_is_known_to_be_revoked_is_refused_with_stale_knowledge_too(WhenStale whenStale)
    {
        await using var service = await ReadingService.StartAsync(
            options => (options.WhenStale, options.MaxStaleness) = (whenStale, TimeSpan.FromSeconds(15)), Revoked);
        await service.UntilAsync(() => !service.Status.IsStale);
        NeverAnswers(service.Feed);
        await service.UntilAsync(() => service.Status.IsStale);
        service.Clock.Hold();

        Assert.Equal(RevocationVerdict.Revoked, await service.CheckAsync(Token));
        Assert.Equal(whenStale is WhenStale.Refuse ? RevocationVerdict.Unknown : RevocationVerdict.NotRevoked, await service.CheckAsync(Other));
    }

    [Fact]
    public async Task A_token_that_is_not_active_any_more_is_refused_when_it_is_asked_about()
    {
        await using var service = await ReadingService.StartAsync(prepare: NeverAnswers);
        service.Clock.Hold();
        service.Feed.Introspection = FeedServer.Say("""{"active":false}""");

        Assert.Equal(RevocationVerdict.Revoked, await service.CheckAsync(Other));
    }

    [Fact]
    public async Task Where_no_answer_can_be_had_it_cannot_be_told()
    {
        await using var service = await ReadingService.StartAsync(prepare: NeverAnswers);

        Func<HttpContext, Task>[] faults =
        [
            FeedServer.Status(401), FeedServer.Status(500), FeedServer.HangAsync, FeedServer.DropAsync, FeedServer.Say("{}"),
            FeedServer.Say("""{"active":null}"""), FeedServer.Say("""{"active":true,"exp":9999999999999}"""), FeedServer.Say("<!DOCTYPE html>"),
        ];
        foreach (var (index, fault) in faults.Index())
        {
            service.Feed.Introspection = fault;
            Assert.Equal(RevocationVerdict.Unknown, await service.CheckAsync(New($"01900000-0000-7000-8000-00000000001{index}")));
        }

        Assert.Equal(faults.Length, service.Log.Count(line => line.Contains("could not be asked about", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_is_good_for_a_second_for_that_token_and_for_all_of_one_request()
    {
        await using var service = await ReadingService.StartAsync(prepare: NeverAnswers);
        service.Clock.Hold();
        var request = service.NewRequest();
        await service.CheckAsync(Token, request);
        await service.CheckAsync(Other);
        Assert.Equal(2, service.Feed.Questions);

        service.Clock.Advance(TimeSpan.FromSeconds(1.1));
        service.Feed.Introspection = FeedServer.Say("""{"active":false}""");

        Assert.Equal(RevocationVerdict.Revoked, await service.CheckAsync(Token));
        Assert.Equal(RevocationVerdict.NotRevoked, await service.CheckAsync(Token, request));
        Assert.Equal(3, service.Feed.Questions);
    }

    [Fact]
    public async Task Many_requests_with_one_token_wait_for_one_answer()
    {
        await using var service = await ReadingService.StartAsync(prepare: NeverAnswers);
        service.Clock.Hold();
        var answer = new TaskCompletionSource();
        service.Feed.Introspection = async http =>
        {
            await answer.Task;
            await http.Response.WriteAsync("""{"active":true}""");
        };

        var checks = Enumerable.Range(0, 50).Select(_ => service.CheckAsync(Token)).ToList();
        answer.SetResult();

        Assert.All(await Task.WhenAll(checks), verdict => Assert.Equal(RevocationVerdict.NotRevoked, verdict));
        Assert.Equal(1, service.Feed.Questions);
    }

    [Fact]
    public async Task Refusals_are_counted_by_their_reason()
    {
        var (refused, entries, ages) = (new List<string>(), new List<int>(), new List<double>());
        await using var service = await ReadingService.StartAsync(options => options.WhenStale = WhenStale.Refuse, Revoked);
        using var listener = new MeterListener { InstrumentPublished = (instrument, all) => Hear(instrument, all, service) };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => refused.Add($"{tags[0].Value}"));
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => entries.Add(value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => ages.Add(value));
        listener.Start();
        await service.UntilAsync(() => !service.Status.IsStale);
        service.Clock.Hold();

        await service.CheckAsync(Token);
        await service.CheckAsync(Other);
        listener.RecordObservableInstruments();

        Assert.Equal(["revoked"], refused);
        Assert.Equal([1], entries);
        Assert.InRange(Assert.Single(ages), 0, 1000);
    }

    private static void Hear(Instrument instrument, MeterListener all, ReadingService service)
    {
        if (instrument.Meter.Name == RevocationMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, service.Meters))
            all.EnableMeasurementEvents(instrument);
    }

    private static void Revoked(FeedServer feed) => feed.Revoke($$"""{"sid":"{{Session}}","until":99999999999}""");

    private static void NeverAnswers(FeedServer feed)
    {
        for (var i = 0; i < 1000; i++)
            feed.Faults.Enqueue(FeedServer.Status(StatusCodes.Status503ServiceUnavailable));
    }

    private static JsonWebToken New(string session) => new("""{"alg":"ES256"}""", $$"""{"sub":"ada","iat":1,"sid":"{{session}}"}""");
}
