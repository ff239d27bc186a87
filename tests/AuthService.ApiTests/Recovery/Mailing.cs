using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Recovery;

/// <summary>Runs an instance with its own mail server.</summary>
public abstract class Mailing(Store store) : IAsyncLifetime
{
    private readonly MailServer _server = MailServer.Start();
    private ProviderHosts? _providers;

    public AuthHost Host { get; private set; } = null!;

    public Mailbox Mails => new(_server);

    public Settings Settings => _server.Settings;

    public async Task InitializeAsync() => Host = await AuthHost.StartAsync(store, Settings);

    /// <summary>Gets a provider and instances that trust it. They share the database of <see cref="Host"/>.</summary>
    public async Task<ProviderHosts> ProvidersAsync()
    {
        if (_providers is null)
        {
            _providers = new ProviderHosts(Host);
            await _providers.InitializeAsync();
        }

        return _providers;
    }

    public async Task DisposeAsync()
    {
        if (_providers is not null)
            await _providers.DisposeAsync();
        await Host.DisposeAsync();
        await _server.DisposeAsync();
    }

    public sealed class OnSqlite() : Mailing(Store.Sqlite);

    public sealed class OnPostgres() : Mailing(Store.Postgres);
}
