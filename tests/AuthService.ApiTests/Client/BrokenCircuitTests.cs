using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Client;

/// <summary>
/// A handler of the service's HTTP clients throws its own type of exception, as a resilience handler does. That is an outage, and not the caller's fault.
/// </summary>
public abstract class BrokenCircuitTests(AuthHost host)
{
    [Fact]
    public async Task Without_keys_it_is_503_and_the_next_request_finds_them()
    {
        var circuit = new Circuit { IsOpen = true };
        await using var files = await FileService.StartAsync(host, own: circuit.OfAllClients);
        var token = await host.NewAdminTokenAsync();

        await ExpectUnavailableAsync(files, token);

        circuit.IsOpen = false;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.SeeAsync(token);
    }

    [Fact]
    public async Task Keys_that_are_known_are_kept()
    {
        var circuit = new Circuit();
        await using var files = await FileService.StartAsync(host, own: circuit.OfAllClients);
        var token = await host.NewAdminTokenAsync();
        await files.SeeAsync(token);

        circuit.IsOpen = true;
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        await files.SeeAsync(token);
    }

    [Fact]
    public async Task A_claim_is_503_and_the_handler_does_not_run()
    {
        var circuit = new Circuit();
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync(), own: circuit.OfAllClients);
        var admin = await host.AdminTokenAsync();
        var token = await host.OneTimeTokenAsync(admin);
        await files.SeeAsync(admin);

        circuit.IsOpen = true;
        await ExpectUnavailableAsync(files, token);

        circuit.IsOpen = false;
        await files.SeeAsync(token);
    }

    [Fact]
    public async Task A_token_that_cannot_be_asked_about_is_503()
    {
        var circuit = new Circuit();
        await using var files = await FileService.StartAsync(
            host, await host.CreateServiceAsync(), bearer: options => options.Revocation = new(), first: AwayAsync, own: circuit.OfAllClients);
        var (first, second) = (await host.NewAdminTokenAsync(), await host.NewAdminTokenAsync());
        await files.SeeAsync(first);

        circuit.IsOpen = true;

        await ExpectUnavailableAsync(files, second);
    }

    [Fact]
    public async Task The_service_s_own_token_is_used_while_its_renewal_fails()
    {
        var circuit = new Circuit();
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync(), own: circuit.OfOne("AuthService.Refresh"));
        using var frozen = host.Clock.Freeze();
        Assert.True(await files.Auth.ClaimAsync(NewName("jti")));

        circuit.IsOpen = true;
        host.Clock.Advance(TimeSpan.FromMinutes(9.5));

        Assert.True(await files.Auth.ClaimAsync(NewName("jti")));
    }

    private static async Task ExpectUnavailableAsync(FileService files, string token)
    {
        var before = files.Handled;
        using var response = await files.GetAsync("/me", token);
        await response.ExpectAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal(before, files.Handled);
    }

    /// <summary>Answers no poll of the feed, so that tokens are asked about.</summary>
    private static Task<bool> AwayAsync(HttpContext context)
    {
        if (context.Request.Path != "/revocations")
            return Task.FromResult(false);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.FromResult(true);
    }

    private sealed class Circuit
    {
        public volatile bool IsOpen;

        public OwnParts OfAllClients => new(After: services => services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(NewHandler)));

        public OwnParts OfOne(string client) => new(After: services => services.AddHttpClient(client).AddHttpMessageHandler(NewHandler));

        private DelegatingHandler NewHandler() => new Breaker(this);
    }

    private sealed class Breaker(Circuit circuit) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            circuit.IsOpen ? throw new NotSupportedException("The circuit is open") : base.SendAsync(request, cancellationToken);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : BrokenCircuitTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : BrokenCircuitTests(store.Host);
}
