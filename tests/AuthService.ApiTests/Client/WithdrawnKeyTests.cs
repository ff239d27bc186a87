using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.OAuth;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>A withdrawn key is refused as early as another service can know it. A key that cannot be looked up does not count as forged.</summary>
public abstract class WithdrawnKeyTests(AuthHost host)
{
    private const string Keys = "/.well-known/jwks.json";

    private static readonly TimeSpan Idle = TimeSpan.FromHours(10);

    [Fact]
    public async Task After_an_idle_time_the_first_token_of_a_withdrawn_key_is_refused()
    {
        await using var own = await host.StartAnotherAsync(LongLived);
        await using var replaced = await own.StartTwinAsync(SigningKeys.At(0, "ES256", "replacement").With(LongLived));
        await using var files = await FileService.StartAsync(own);
        var token = await own.NewAdminTokenAsync();
        await files.SeeAsync(token);

        files.Gateway.LeadTo(replaced);
        own.Clock.Advance(Idle);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => files.RefuseAsync(token)));
        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    [Fact]
    public async Task After_an_idle_time_the_old_keys_are_used_when_the_fetch_fails()
    {
        await using var own = await host.StartAnotherAsync(LongLived);
        await using var files = await FileService.StartAsync(own);
        var token = await own.NewAdminTokenAsync();
        using var frozen = own.Clock.Freeze();
        await files.SeeAsync(token);
        files.Gateway.IsDown = true;

        own.Clock.Advance(Idle);

        await files.SeeAsync(token);
        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    [Fact]
    public async Task In_an_outage_not_every_request_waits_for_a_fetch_that_hangs()
    {
        await using var own = await host.StartAnotherAsync(LongLived);
        await using var files = await FileService.StartAsync(own);
        var token = await own.NewAdminTokenAsync();
        using var frozen = own.Clock.Freeze();
        await files.SeeAsync(token);
        files.Gateway.IsDown = true;
        own.Clock.Advance(Idle);
        await files.SeeAsync(token);
        files.Gateway.First = Gateway.Hang(Keys);
        own.Clock.Advance(TimeSpan.FromSeconds(2));

        var fetching = files.SeeAsync(token);
        await Eventually.TrueAsync(() => files.Gateway.CallsOf(Keys) == 3);
        await files.SeeAsync(token);

        Assert.False(fetching.IsCompleted);
        await fetching;
    }

    [Fact]
    public async Task A_token_with_an_unknown_key_is_503_when_the_keys_cannot_be_fetched()
    {
        await using var files = await FileService.StartAsync(host);
        await using var twin = await host.StartTwinAsync(SigningKeys.At(0, "ES256", "unheard-of"));
        var (known, stranger) = (await host.NewAdminTokenAsync(), await twin.NewAdminTokenAsync());
        using var frozen = host.Clock.Freeze();
        await files.SeeAsync(known);
        files.Gateway.First = context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Task.FromResult(true);
        };
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", stranger);
        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", stranger); // in the pause, without another fetch

        Assert.Equal(2, files.Gateway.CallsOf(Keys));
        await files.SeeAsync(known);
        files.Gateway.First = _ => Task.FromResult(false);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.RefuseAsync(stranger);
    }

    private static Settings LongLived => new() { ["Jwt:AccessTokenLifetime"] = "1.00:00:00" };

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : WithdrawnKeyTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : WithdrawnKeyTests(store.Host);
}
