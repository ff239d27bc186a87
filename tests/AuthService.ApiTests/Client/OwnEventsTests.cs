using System.Collections.Concurrent;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.Client;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>A service sets the framework's events of the scheme. They come beside the checks of the package, and never replace them.</summary>
public abstract class OwnEventsTests(AuthHost host)
{
    private const int OwnStatus = 418;

    private static readonly string[] Refused = ["failed", "challenge"];

    /// <summary>SignalR sends the token so.</summary>
    [Fact]
    public async Task A_token_in_the_query_is_checked_as_one_in_the_header()
    {
        await using var files = await StartAsync(events => events.OnMessageReceived = context =>
        {
            context.Token = context.Request.Query["access_token"];
            return Task.CompletedTask;
        });
        var token = await host.OneTimeTokenAsync(await host.AdminTokenAsync(), "files:read");

        await files.ExpectAsync(HttpStatusCode.OK, $"/me?access_token={token}", token: null);
        await files.ExpectAsync(HttpStatusCode.Unauthorized, $"/me?access_token={token}", token: null);
        await files.ExpectAsync(HttpStatusCode.Unauthorized, "/me?access_token=x", token: null);
    }

    [Fact]
    public async Task A_token_that_holds_is_seen_with_the_role_that_is_left_and_may_be_refused()
    {
        var seen = new ConcurrentQueue<bool>();
        await using var files = await StartAsync(events => events.OnTokenValidated = context =>
        {
            seen.Enqueue(context.Principal!.IsInRole("ADMIN"));
            if (!context.Principal.IsInRole("ADMIN"))
                context.Fail("Administrators only");
            return Task.CompletedTask;
        });
        var admin = await host.AdminTokenAsync();
        var narrowed = await host.OneTimeTokenAsync(admin, "files:read");

        await files.SeeAsync(admin);
        await files.RefuseAsync(narrowed);
        await files.RefuseAsync(narrowed); // it has been claimed, so that the event does not see it

        Assert.Equal([true, false], seen);
    }

    [Fact]
    public async Task Refusals_are_seen_too_and_a_503_is_not_for_them_to_answer()
    {
        var seen = new ConcurrentQueue<string>();
        Task See(string name)
        {
            seen.Enqueue(name);
            return Task.CompletedTask;
        }

        await using var files = await StartAsync(events =>
        {
            events.OnAuthenticationFailed = _ => See("failed");
            events.OnForbidden = _ => See("forbidden");
            events.OnChallenge = context =>
            {
                context.HandleResponse();
                context.Response.StatusCode = OwnStatus;
                return See("challenge");
            };
        });
        await files.ExpectAsync((HttpStatusCode)OwnStatus, "/me", "x");
        Assert.Equal(Refused, seen, StringComparer.Ordinal);
        await files.ExpectAsync(HttpStatusCode.Forbidden, "/admin", (await host.SignedInPersonAsync()).AccessToken);
        Assert.Equal([.. Refused, "forbidden"], seen, StringComparer.Ordinal);

        await using var other = await StartAsync(events => events.OnChallenge = _ => See("answered"));
        other.Gateway.IsDown = true;
        await other.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", await host.AdminTokenAsync());
        Assert.DoesNotContain("answered", seen, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_type_of_events_in_the_place_of_the_packages_stops_the_start()
    {
        var start = FileService.StartAsync(host, own: new(After: services => services.Configure<JwtBearerOptions>(
            AuthServiceBearer.SchemeName, options => options.EventsType = typeof(JwtBearerEvents))));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => start);
        Assert.Contains("EventsType", error.Message, StringComparison.Ordinal);
    }

    private async Task<FileService> StartAsync(Action<JwtBearerEvents> set) =>
        await FileService.StartAsync(host, await host.CreateServiceAsync(), own: new(After: services => services.Configure<JwtBearerOptions>(
            AuthServiceBearer.SchemeName,
            options =>
            {
                options.Events = new JwtBearerEvents();
                set(options.Events);
            })));

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : OwnEventsTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : OwnEventsTests(store.Host);
}
