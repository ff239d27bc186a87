using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthService.Storage;

/// <summary>
/// The connections to PostgreSQL. When the setting names several servers, they lead to the primary unless it says otherwise: this service always
/// writes.
/// </summary>
/// <remarks>
/// Npgsql 10 finds the primary of several servers only while it opens connections for calls. It relies on what it last saw for <c>Host Recheck
/// Seconds</c>, so it notices that much later that a standby was promoted. After that time every call first tries a server that was unreachable, and
/// waits for <c>Timeout</c> if nothing answers (npgsql/npgsql issues 5789 and 6483). So calls use the pool of one server as soon as
/// <see cref="FollowPrimaryAsync"/> has found the primary.
/// </remarks>
internal sealed class PostgresPool : IDisposable
{
    /// <summary>The name of the pool in metrics. By default it would be the connection string.</summary>
    private const string PoolName = "authservice";

    private const int LongestWaitSeconds = 5;
    private const int KeepAliveSeconds = 30;
    private const int TcpKeepAliveSeconds = 10;
    private const int LongestPauseSeconds = 20;
    private const int QuestionSeconds = 2;

    private readonly NpgsqlDataSource? _all;
    private readonly NpgsqlDataSource? _search;
    private volatile PostgresServer? _primary;
    private uint _timeline;

    public PostgresPool(IOptions<StorageOptions> options)
    {
        if (!options.Value.IsPostgres)
            return;
        var settings = ForManySmallStatements(PostgresAddress.Read(options.Value.ConnectionStrings.Postgres!));
        var target = TakeTarget(settings);
        _all = Build(settings, PoolName);
        _search = _all is NpgsqlMultiHostDataSource several ? several.WithTargetSession(target) : _all;
        if (_all is NpgsqlMultiHostDataSource && target is TargetSessionAttributes.Primary or TargetSessionAttributes.ReadWrite)
            Servers = [.. settings.Host!.Split(',', StringSplitOptions.TrimEntries).Select(host => BuildServer(settings, host))];
    }

    /// <summary>Whether the store is PostgreSQL.</summary>
    public bool IsUsed => _all is not null;

    /// <summary>The servers, each with its own pool, when the setting names several and wants the primary. Otherwise empty.</summary>
    public IReadOnlyList<PostgresServer> Servers { get; } = [];

    /// <summary>The source of new connections at this moment. Must not be used when the store is SQLite.</summary>
    public NpgsqlDataSource Source => _primary?.Pool ?? _search!;

    /// <summary>
    /// Finds keywords that exclude each other, which only Npgsql knows. Its own message is not shown, because it may repeat values. No connection is
    /// opened.
    /// </summary>
    public static string? FindFault(StorageOptions options)
    {
        try
        {
            new PostgresPool(Options.Create(options)).Dispose();
            return null;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return "has parameters that Npgsql does not take together (a Minimum Pool Size over the Maximum Pool Size, for example); "
                + "they are not shown, as they may hold a password";
        }
    }

    /// <summary>
    /// Asks all servers for their roles and directs calls to the primary. Calls never stay with a server that reports that it is a standby.
    /// </summary>
    /// <returns>The new primary if it has changed, otherwise null.</returns>
    public async Task<PostgresServer?> FollowPrimaryAsync(CancellationToken cancellation)
    {
        var before = _primary;
        var found = await Task.WhenAll(Servers.Select(async server => (Server: server, State: await server.FindStateAsync(cancellation))));
        if (Choose(found) is { } primary)
            (_primary, _timeline) = primary;
        else if (found.Any(server => server.Server == before && server.State.Role is PostgresRole.Standby))
            _primary = null;
        if (_primary == before)
            return null;
        before?.Pool.Clear();
        return _primary;
    }

    public void Dispose()
    {
        _all?.Dispose();
        foreach (var server in Servers)
            server.Dispose();
    }

    /// <summary>
    /// Chooses the primary. Of several servers that report that they are the primary, it is the one that was promoted last. A server that was
    /// promoted before the one in use may not know yet that it was replaced. It is chosen only when all servers answer, as after a restore.
    /// </summary>
    private (PostgresServer Server, uint Timeline)? Choose(IReadOnlyList<(PostgresServer Server, PostgresState State)> found)
    {
        var latest = found.Where(server => server.State.Role is PostgresRole.Primary).GroupBy(server => server.State.Timeline).MaxBy(same => same.Key);
        if (latest?.ToArray() is not [var only])
            return null;
        return only.State.Timeline >= _timeline || found.All(server => server.State.Role is not PostgresRole.Unknown)
            ? (only.Server, only.State.Timeline)
            : null;
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, string name) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }
            .UsePhysicalConnectionInitializer(
                connection => Initialize(connection).ExecuteNonQuery(), connection => Initialize(connection).ExecuteNonQueryAsync())
            .Build();

    private static PostgresServer BuildServer(NpgsqlConnectionStringBuilder settings, string host)
    {
        var own = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Host = host };
        var pool = Build(own, $"{PoolName} {host}");
        (own.MinPoolSize, own.MaxPoolSize, own.KeepAlive, own.Timeout, own.CommandTimeout) = (0, 1, 0, QuestionSeconds, QuestionSeconds);
        var question = new NpgsqlDataSourceBuilder(own.ConnectionString) { Name = $"{PoolName} {host} role" }
            .ConfigureTracing(traces => traces.ConfigureCommandFilter(_ => false).EnablePhysicalOpenTracing(false));
        return new PostgresServer(host, pool, question.Build());
    }

    private static TargetSessionAttributes TakeTarget(NpgsqlConnectionStringBuilder settings)
    {
        var given = settings.TargetSessionAttributes?.Replace("-", "", StringComparison.Ordinal);
        settings.TargetSessionAttributes = null;
        return Enum.TryParse<TargetSessionAttributes>(given, ignoreCase: true, out var known) ? known : TargetSessionAttributes.Primary;
    }

    /// <summary>
    /// Sets up a new connection. A transaction must not keep its locks until TCP gives up, which takes hours, when its instance hangs or the network
    /// is cut. A prepared statement is planned only once: every statement here uses keys, whatever the values are. PgBouncer may give the server
    /// connection to another instance of this service, which has the same settings.
    /// </summary>
    private static NpgsqlCommand Initialize(NpgsqlConnection connection) =>
        new($"SET idle_in_transaction_session_timeout = '{LongestPauseSeconds}s'; SET plan_cache_mode = force_generic_plan", connection);

    /// <summary>
    /// Sets what suits many small statements, unless the connection string says otherwise. Repeated statements are prepared automatically. No call
    /// waits longer than a few seconds for a connection or a response; slower work sets its own timeout. Lost connections are noticed while they are
    /// idle, and a server that has vanished during a long statement. Encryption by Kerberos is tried only on request: it would double the wait for a
    /// server that does not answer.
    /// </summary>
    private static NpgsqlConnectionStringBuilder ForManySmallStatements(NpgsqlConnectionStringBuilder builder)
    {
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 50);
        Default("No Reset On Close", () => builder.NoResetOnClose = true); // no statement here leaves state on a connection
        Default("Timeout", () => builder.Timeout = LongestWaitSeconds);
        Default("Command Timeout", () => builder.CommandTimeout = LongestWaitSeconds);
        Default("GSS Encryption Mode", () => builder.GssEncryptionMode = GssEncryptionMode.Disable);
        Default("Keepalive", () => builder.KeepAlive = KeepAliveSeconds);
        Default("TCP Keepalive", () => builder.TcpKeepAlive = true);
        Default("TCP Keepalive Time", () => builder.TcpKeepAliveTime = TcpKeepAliveSeconds);
        return builder;

        void Default(string keyword, Action set)
        {
            if (!builder.ShouldSerialize(keyword))
                set();
        }
    }
}
