using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>An instance that trusts an identity provider which does not exist.</summary>
public abstract class TrustingHost(Store store) : IAsyncLifetime
{
    public const string Title = "Example";

    private AuthHost? _host;

    public AuthHost Host => _host!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(store, new()
    {
        ["IdentityProviders:0:Title"] = Title,
        ["IdentityProviders:0:Authority"] = "https://127.0.0.1:9",
        ["IdentityProviders:0:ClientId"] = "client",
        ["IdentityProviders:0:ClientSecret"] = "secret",
    });

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}

public sealed class TrustingOnSqlite() : TrustingHost(Store.Sqlite);

public sealed class TrustingOnPostgres() : TrustingHost(Store.Postgres);
