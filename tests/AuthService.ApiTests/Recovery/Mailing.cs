using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Recovery;

/// <summary>Runs an instance with its own mail server.</summary>
public abstract class Mailing(Store store) : IAsyncLifetime
{
    private readonly MailServer _server = MailServer.Start();

    public AuthHost Host { get; private set; } = null!;

    public Mailbox Mails => new(_server);

    public Settings Settings => _server.Settings;

    public async Task InitializeAsync() => Host = await AuthHost.StartAsync(store, Settings);

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _server.DisposeAsync();
    }

    public sealed class OnSqlite() : Mailing(Store.Sqlite);

    public sealed class OnPostgres() : Mailing(Store.Postgres);
}
