using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Recovery;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>An instance with a connection to the database that fails where a test wants it.</summary>
public class BrokenWire : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public AuthHost Host { get; private set; } = null!;

    internal FaultProxy Proxy { get; private set; } = null!;

    private protected virtual Settings Settings => new() { ["CleanUp:Interval"] = "1.00:00:00" };

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        Proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        Host = await AuthHost.StartOnAsync(_database.ReachedAt(Proxy.Port), Settings);
    }

    public virtual async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Proxy.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>
/// The same instance with mails, webhooks and streams. Their workers query the database as well, so a failure may hit a worker and leave the call
/// alone.
/// </summary>
public sealed class WireBesideWorkers : BrokenWire
{
    private readonly MailServer _mailServer = MailServer.Start();

    public Mailbox Mails => new(_mailServer);

    private protected override Settings Settings => base.Settings.With(_mailServer.Settings);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _mailServer.DisposeAsync();
    }
}
