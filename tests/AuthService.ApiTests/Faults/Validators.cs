using System.Net;
using AuthService.ApiTests.Client;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Client;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Three services that validate access tokens offline with AuthService.Client, one for each way to go on with revocations that are too old.
/// </summary>
internal sealed class Validators : IAsyncDisposable
{
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(30);

    private readonly List<(WhenStale WhenStale, FileService Service)> _services = [];

    /// <param name="host">The instance whose clock they have. They call it first.</param>
    /// <param name="issuer">The issuer of the tokens.</param>
    public static async Task<Validators> StartAsync(AuthHost host, string issuer)
    {
        var (validators, account) = (new Validators(), await host.CreateServiceAsync());
        var person = await host.SignedInPersonAsync();
        foreach (var whenStale in Enum.GetValues<WhenStale>())
        {
            var service = await FileService.StartAsync(host, account, bearer: options =>
            {
                options.Issuer = issuer;
                options.Revocation = new() { WhenStale = whenStale, MaxStaleness = MaxStaleness, Wait = TimeSpan.FromSeconds(1) };
            });
            validators._services.Add((whenStale, service));
            await validators.UntilNotStaleAsync();
            await service.SeeAsync(person.AccessToken); // so that it has read the keys
        }

        return validators;
    }

    /// <summary>Cuts the network between them and AuthService. Returns when no call is open that began before.</summary>
    public async Task CutOffAsync()
    {
        foreach (var (_, service) in _services)
        {
            service.Gateway.First = context =>
            {
                context.Abort();
                return Task.FromResult(true);
            };
        }

        await UntilTheyHavePolledAsync();
    }

    /// <summary>Mends the network, which leads to this address now.</summary>
    public void LeadTo(Uri address)
    {
        foreach (var (_, service) in _services)
        {
            service.Gateway.LeadTo(address);
            service.Gateway.First = _ => Task.FromResult(false);
        }
    }

    /// <summary>Waits until a poll of each that began after this call has ended.</summary>
    public async Task UntilTheyHavePolledAsync()
    {
        foreach (var (_, service) in _services)
        {
            var calls = service.Gateway.CallsOf("/revocations");
            await Eventually.TrueAsync(() => service.Gateway.CallsOf("/revocations") > calls + 1);
        }
    }

    /// <summary>Waits until all of them refuse the token of a session.</summary>
    public async Task LearnOfAsync(SignedIn revoked)
    {
        foreach (var (_, service) in _services)
            await Eventually.TrueAsync(async () => await StatusAsync(service, revoked) is HttpStatusCode.Unauthorized);
    }

    /// <summary>Expects that each says how old its knowledge is, refuses what it knows, and does with all others as it is set.</summary>
    public async Task ExpectStaleAsync(TimeSpan age, SignedIn known, IEnumerable<SignedIn> others)
    {
        foreach (var (whenStale, service) in _services)
        {
            Assert.True(service.Revocations is { IsStale: true } && service.Revocations.Age >= age, $"{whenStale}: {service.Revocations.Age}");
            await service.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/health", token: null);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service, known));
            var expected = whenStale is WhenStale.Allow ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable;
            foreach (var other in others)
                Assert.Equal(expected, await StatusAsync(service, other));
        }
    }

    /// <summary>Waits until each says that its knowledge is up to date, and expects that it then knows every revocation, at once.</summary>
    public async Task ExpectCaughtUpAsync(IEnumerable<SignedIn> revoked, SignedIn kept)
    {
        await UntilNotStaleAsync();
        foreach (var (_, service) in _services)
        {
            foreach (var session in revoked)
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service, session));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(service, kept));
            await service.ExpectAsync(HttpStatusCode.OK, "/health", token: null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, service) in _services)
            await service.DisposeAsync();
    }

    private Task UntilNotStaleAsync() => Eventually.TrueAsync(() => _services.TrueForAll(each => !each.Service.Revocations.IsStale));

    private static async Task<HttpStatusCode> StatusAsync(FileService service, SignedIn session)
    {
        using var response = await service.GetAsync("/me", session.AccessToken);
        return response.StatusCode;
    }
}
