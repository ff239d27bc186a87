using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>An instance measures its readers of the feed and the age of its own copy (src/AuthService/OPERATIONS.md#metrics-and-traces).</summary>
public abstract class RevocationMetricsTests(AuthHost host)
{
    [Fact]
    public async Task Readers_what_is_known_and_how_old_that_is()
    {
        await using var own = await host.StartAnotherAsync();
        using var metrics = own.RecordMetrics();
        Assert.Equal((0, 0, 0), (metrics.Observe("revocations.readers"), metrics["revocations.known"], metrics["revocations.age"]));
        var (service, session) = (await own.NewServiceTokenAsync(), await own.SignedInPersonAsync());
        var first = await own.ReadFeedAsync(service, cursor: null, wait: 0);

        var waiting = own.ReadFeedAsync(service, first.Text("cursor"), wait: 30);
        await Eventually.TrueAsync(() => metrics.Observe("revocations.readers") == 1);
        await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Single((await waiting).GetProperty("revoked").EnumerateArray());

        await Eventually.TrueAsync(() => metrics.Observe("revocations.readers") == 0);
        Assert.Equal(1, metrics["revocations.known"]);
        await Eventually.TrueAsync(() => metrics["revocations.age"] is >= 0 and <= 5);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevocationMetricsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevocationMetricsTests(store.Host);
}
