using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Expire-all makes every token of an application expire, at once or after the given time, but never extends one.</summary>
public abstract class ExpireAllTests(AuthHost host, ClassHosts hosts)
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("{}", "/")]
    [InlineData("null", "")]
    [InlineData("{\"expiry\":null}", "")]
    [InlineData("{\"expiry\":0}", "/")]
    [InlineData("{\"sessionIds\":null}", "")]
    public async Task Without_an_expiry_every_token_is_refused_at_once_on_each_instance(string? body, string slash)
    {
        var twin = await hosts.TwinAsync();
        var service = await host.NewServiceTokenAsync();
        var (application, other) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));
        string[] tokens = [(await host.OpenDashboardAsync(service, application)).Token, (await twin.OpenPortalAsync(service, application)).Token];
        var untouched = (await host.OpenDashboardAsync(service, other)).Token;
        foreach (var token in tokens)
            await twin.ExpectAcceptedAsync(token, application);

        await host.PostAsync($"{ExpireAllOf(application.Uid)}{slash}", service, body is null ? null : AuthCalls.Json(body))
            .ExpectAsync(HttpStatusCode.NoContent);

        foreach (var token in tokens)
        {
            await host.ExpectRefusedAsync(token, application);
            await twin.ExpectRefusedAsync(token, application);
            await twin.PostAsync(Logout, token).DetailAsync(HttpStatusCode.Unauthorized);
        }

        await host.ExpectAcceptedAsync(untouched, other);
        await host.ExpectAcceptedAsync((await host.OpenDashboardAsync(service, application)).Token, application);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(604_799)]
    public async Task With_an_expiry_they_live_that_long(int expiry)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        using (host.Clock.Freeze())
        {
            var token = (await host.OpenDashboardAsync(service, application)).Token;
            await ExpireAllAsync(service, application, expiry);

            host.Clock.Advance(TimeSpan.FromSeconds(expiry - 1));
            await host.ExpectAcceptedAsync(token, application);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.ExpectRefusedAsync(token, application);
        }
    }

    [Fact]
    public async Task What_is_refused_at_once_is_refused_by_an_instance_whose_clock_is_behind()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;
        using (host.Clock.Freeze())
        {
            await ExpireAllAsync(service, application, 0);

            host.Clock.Advance(TimeSpan.FromSeconds(-2));
            await host.ExpectRefusedAsync(token, application);
            host.Clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task A_token_that_ends_sooner_keeps_its_end()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        using (host.Clock.Freeze())
        {
            var (soon, late) = ((await host.OpenPortalAsync(service, application, 3_600)).Token, (await host.OpenDashboardAsync(service, application)).Token);
            await ExpireAllAsync(service, application, 7_200);
            await ExpireAllAsync(service, application, 604_800);

            host.Clock.Advance(TimeSpan.FromSeconds(3_599));
            await host.ExpectAcceptedAsync(soon, application);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.ExpectRefusedAsync(soon, application);
            await host.ExpectAcceptedAsync(late, application);
            host.Clock.Advance(TimeSpan.FromSeconds(3_600));
            await host.ExpectRefusedAsync(late, application);
        }
    }

    [Fact]
    public async Task An_expired_token_is_not_revived_and_a_token_made_after_it_is_not_touched()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;
        await ExpireAllAsync(service, application, 0);

        await ExpireAllAsync(service, application, 604_800);
        await host.ExpectRefusedAsync(token, application);

        await ExpireAllAsync(service, application, 60);
        var later = (await host.OpenDashboardAsync(service, application)).Token;
        host.Clock.Advance(TimeSpan.FromSeconds(61));
        await host.ExpectAcceptedAsync(later, application);
    }

    [Theory]
    [InlineData("{\"expiry\":-1}")]
    [InlineData("{\"expiry\":604801}")]
    [InlineData("{\"expiry\":0.5}")]
    [InlineData("{\"expiry\":\"0\"}")]
    [InlineData("{\"expiry\":\"now\"}")]
    [InlineData("{\"expiry\":false}")]
    [InlineData("{\"expiry\":{}}")]
    [InlineData("{\"expiry\":-99999999999999999999}")]
    public async Task A_bad_expiry_is_422_and_ends_nothing(string body)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;

        await host.PostAsync(ExpireAllOf(application.Id), service, AuthCalls.Json(body)).ExpectFaultsAsync("body.expiry");

        await host.ExpectAcceptedAsync(token, application);
    }

    private async Task ExpireAllAsync(string service, Application application, int expiry) =>
        await host.PostAsync(ExpireAllOf(application.Id), service, new { expiry }).ExpectAsync(HttpStatusCode.NoContent);

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : ExpireAllTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : ExpireAllTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
