using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// One running instance of the service behind real HTTP (Kestrel on a free port of 127.0.0.1). <see cref="SignIns"/>, <see cref="Principals"/> and
/// <see cref="Requests"/> hold the operations that tests use.
/// </summary>
public sealed class AuthHost : IAsyncDisposable
{
    public const string AdminId = "admin";
    public const string AdminPassword = "Plum-Kettle-93-Orbit!";
    public const string Origin = "https://app.example.com";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(120);

    private readonly Instance _instance;
    private readonly Settings _keys;
    private readonly bool _ownsDatabase;

    private AuthHost(TestDatabase database, bool ownsDatabase, TestClock clock, Settings keys, Settings? settings)
    {
        Database = database;
        Clock = clock;
        _ownsDatabase = ownsDatabase;
        _keys = keys;
        var issuer = settings?.GetValueOrDefault("Jwt:Issuer") ?? "";
        var port = ownsDatabase && issuer.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) ? new Uri(issuer).Port : 0; // a twin has another port
        // UseKestrel(port) would set the address after the host was built, when the entry point may have started it already.
        Settings address = new() { ["urls"] = $"http://127.0.0.1:{port}" };
        _instance = new Instance(clock, Log, Defaults().With(keys).With(database.Settings).With(settings).With(address));
    }

    public TestDatabase Database { get; }

    public TestClock Clock { get; }

    public LogRecorder Log { get; } = new();

    /// <summary>A client without cookies and redirects.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });

    public Uri Address => Http.BaseAddress!;

    /// <summary>The token that <see cref="SignIns.AdminTokenAsync"/> and <see cref="SignIns.AsAdminAsync"/> keep.</summary>
    internal string? AdminToken { get; set; }

    /// <summary>The way in which <see cref="SignIns.NewAdminTokenAsync"/> signs in if a password is not enough.</summary>
    internal Func<HttpClient, Task<string>>? SignInAdministrator { get; set; }

    /// <summary>
    /// Starts an instance on a fresh database. The settings override the usual ones. A null removes one, and <c>environment</c> names the environment
    /// (Development).
    /// </summary>
    public static async Task<AuthHost> StartAsync(Store store, Settings? settings = null)
    {
        var database = await TestDatabase.CreateMigratedAsync(store);
        return await StartAsync(new AuthHost(database, ownsDatabase: true, new TestClock(), NewKeys(), settings));
    }

    /// <summary>Starts an instance on a database that the caller still owns.</summary>
    public static Task<AuthHost> StartOnAsync(TestDatabase database, Settings? settings = null, TestClock? clock = null) =>
        StartAsync(new AuthHost(database, ownsDatabase: false, clock ?? new TestClock(), NewKeys(), settings));

    /// <summary>Starts two instances on a fresh database, the second one later by the head start. Dispose the second before the first.</summary>
    public static async Task<AuthHost[]> StartTogetherAsync(Store store, TimeSpan headStart)
    {
        var (database, clock, keys) = (await TestDatabase.CreateAsync(store), new TestClock(), NewKeys());
        var first = Task.Run(() => StartAsync(new AuthHost(database, ownsDatabase: true, clock, keys, settings: null)));
        await Task.Delay(headStart);
        return await Task.WhenAll(first, StartAsync(new AuthHost(database, ownsDatabase: false, clock, keys, settings: null)));
    }

    /// <summary>Starts another instance, as <see cref="StartAnotherAsync"/> does, with its own address as issuer.</summary>
    public Task<AuthHost> StartAnotherAtOwnAddressAsync()
    {
        var address = $"http://127.0.0.1:{LocalServer.FreePort()}";
        return StartAnotherAsync(new() { ["Jwt:Issuer"] = address });
    }

    /// <summary>Starts a separate instance, on a fresh database of the same store.</summary>
    public Task<AuthHost> StartAnotherAsync(Settings? settings = null) => StartAsync(Database.Store, settings);

    /// <summary>
    /// Starts a second instance on the same database, with the same keys, and the same clock or one that is ahead. Dispose it before the first.
    /// </summary>
    public Task<AuthHost> StartTwinAsync(Settings? settings = null, TimeSpan ahead = default) =>
        StartAsync(new AuthHost(Database, ownsDatabase: false, ahead == default ? Clock : Clock.CreateAhead(ahead), _keys, settings));

    /// <summary>Starts an instance with the same keys and clock on a restored database, which the caller owns.</summary>
    public Task<AuthHost> StartRestoredAsync(TestDatabase database) =>
        StartAsync(new AuthHost(database, ownsDatabase: false, Clock, _keys, settings: null));

    /// <summary>Records the metrics of this instance only, from now on.</summary>
    public MetricRecorder RecordMetrics() => new(_instance.Services.GetRequiredService<IMeterFactory>());

    /// <summary>Calls the service's own code as an endpoint would, for tests of code that no endpoint calls alone.</summary>
    internal async Task<T> CallAsync<TService, T>(Func<TService, Task<T>> call)
        where TService : notnull
    {
        await using var scope = _instance.Services.CreateAsyncScope();
        return await call(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public IEnumerable<RouteEndpoint> ListRoutes() => _instance.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _instance.DisposeAsync();
        if (_ownsDatabase)
            await Database.DisposeAsync();
    }

    private static async Task<AuthHost> StartAsync(AuthHost host)
    {
        try
        {
            host._instance.UseKestrel();
            host._instance.StartServer();
            host.Http.BaseAddress = host._instance.ClientOptions.BaseAddress;
            await host.WaitUntilReadyAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var response = await Http.GetAsync("/health/ready");
            if (response.StatusCode is HttpStatusCode.OK)
                return;
            if (waited.Elapsed > ReadyTimeout)
                throw new TimeoutException($"Not ready: {response.StatusCode}\n{string.Join('\n', Log.Lines)}");
            await Task.Delay(50);
        }
    }

    private static Settings Defaults() => new()
    {
        ["environment"] = "Development",
        ["Bootstrap:Admin:Id"] = AdminId,
        ["Bootstrap:Admin:Password"] = AdminPassword,
        ["Bootstrap:Admin:PasswordIsTemporary"] = "false",
        ["Passwords:TemporaryWhenSetByAdministrator"] = "false",
        ["Origins:Trusted:0"] = Origin,
        ["Origins:Trusted:1"] = "http://localhost:3000",
        ["Origins:Trusted:2"] = "trusted.example.org",
        ["Origins:Trusted:3"] = "capacitor://localhost",
        ["LoginServices:web:Endpoint"] = $"{Origin}/",
        ["LoginServices:web:Mode"] = "Web",
        ["LoginServices:app:Endpoint"] = $"{Origin}/",
        ["LoginServices:app:Mode"] = "Application",
        ["Jwt:Issuer"] = "http://localhost",
        ["Extension:Policies:_svc:0"] = "files:write",
        ["Extension:Policies:_svc2:0"] = "files:read",
        ["Extension:Policies:_svc2:1"] = "jobs:write",
        ["Extension:Policies:_svc3:0"] = "files.upload:write",
        ["Sessions:FreshFor"] = "1.00:00:00",
        ["Sessions:CookieDomains:0"] = "example.com",
        ["AppPortal:Url"] = "https://portal.example.com/",
        ["Passwords:BcryptCost"] = "4",
        ["RateLimits:Enabled"] = "false",
        ["CleanUp:Interval"] = "1.00:00:00", // expired rows stay until a test wants them deleted, however slow the machine is
        ["Shutdown:DrainDelay"] = "00:00:00",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:AuthService.Api"] = "Debug",
        ["Logging:LogLevel:AuthService.Delegation"] = "Debug",
        ["Logging:LogLevel:AuthService.Refusals"] = "Debug",
        ["Logging:LogLevel:AuthService.Sessions"] = "Debug",
        ["Logging:LogLevel:AuthService.SignIn"] = "Debug",
    };

    private static Settings NewKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            ["Jwt:SigningKeys:0:KeyId"] = "test-es256",
            ["Jwt:SigningKeys:0:Algorithm"] = "ES256",
            ["Jwt:SigningKeys:0:PrivateKeyPem"] = key.ExportPkcs8PrivateKeyPem(),
            ["Encryption:Keys:0:KeyId"] = "test-aes",
            ["Encryption:Keys:0:Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        };
    }

    private sealed class Instance(TestClock clock, LogRecorder log, Settings settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
            {
                if (value is not null)
                    builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(log));
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        }
    }
}
