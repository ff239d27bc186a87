using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Xunit;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>The built service as a process with its documents, on an empty store.</summary>
public abstract class FuzzedService(Store store) : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();
    private readonly MailServer _mails = MailServer.Start();
    private TestDatabase? _database;
    private ServiceProcess? _process;

    public Store Store => store;

    internal TestDatabase Database => _database!;

    internal ServiceProcess Process => _process!;

    internal Mailbox Mails => new(_mails);

    internal Uri Address => Process.Http.BaseAddress!;

    internal IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(store);
        _process = _folder.Start(ServiceFolder.ForProduction().With(ServiceFolder.ForMeasuredMemory()).With(_database.Settings).With(_mails.Settings).With(new()
        {
            ["Bootstrap:Admin:Id"] = Scene.AdminId,
            ["Swagger:Enabled"] = "true",
            ["RateLimits:Enabled"] = "false",
            ["CleanUp:Interval"] = "1.00:00:00",
            ["LoginServices:web:Endpoint"] = $"{AuthHost.Origin}/",
            ["LoginServices:web:Mode"] = "Web",
            ["IdentityProviders:0:Title"] = Scene.ProviderTitle,
            ["IdentityProviders:0:Authority"] = "https://127.0.0.1:9",
            ["IdentityProviders:0:ClientId"] = "hostile",
            ["IdentityProviders:0:ClientSecret"] = "of a provider that is not there",
            ["AppPortal:Url"] = "https://portal.example.com/",
            ["Sessions:CookieDomains:0"] = "example.com",
            [$"Extension:Policies:{Scene.ServiceId}:0"] = "files:write",
            [$"Extension:Policies:{Scene.ServiceId}:1"] = "jobs:write",
        }));
        await _process.WaitUntilReadyAsync();
        Operations = await _process.Http.ListAllOperationsAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        await _mails.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class FuzzedOnSqlite() : FuzzedService(Store.Sqlite);

public sealed class FuzzedOnPostgres() : FuzzedService(Store.Postgres);
