using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthService.Storage;

/// <summary>
/// The connections to PostgreSQL. Of several servers it is the primary that they lead to, unless the setting says otherwise: this service always writes.
/// </summary>
/// <remarks>
/// Npgsql 10 leaves it to the calls to find out which of several servers that is. What it last saw it believes for Host Recheck Seconds, and notices a
/// standby that was promoted that much later; after that time every call tries a server that was away before it takes another, and waits for Timeout
/// where nothing answers (npgsql/npgsql issues 5789 and 6483). So calls go to one server by its own pool as soon as <see cref="FollowPrimaryAsync"/>
/// has found it.
/// </remarks>
internal sealed class PostgresPool : IDisposable
{
    /// <summary>What metrics call the pool; by default it would be the connection string.</summary>
    private const string PoolName = "authservice";

    private const int LongestWaitSeconds = 5;
    private const int KeepAliveSeconds = 30;
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

    /// <summary>Not where the store is SQLite.</summary>
    public bool IsUsed => _all is not null;

    /// <summary>Each by itself, where there are several and the primary is to be used.</summary>
    public IReadOnlyList<PostgresServer> Servers { get; } = [];

    /// <summary>Where new connections come from at this moment. Not where the store is SQLite.</summary>
    public NpgsqlDataSource Source => _primary?.Pool ?? _search!;

    /// <summary>Only Npgsql knows which of its keywords exclude each other; what it says of them may repeat values. Nothing is connected.</summary>
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

    /// <summary>Asks all servers what they are, and gives calls to the primary; never to one that says of itself that it is a standby.</summary>
    /// <returns>The new primary, when it has changed.</returns>
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
    /// Of several that take themselves for the primary it is the one that was promoted last. One that was the primary before the one that calls
    /// went to may not have heard of that yet: it is taken when all others say that they are standbys, as after a restore.
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
    /// A transaction whose instance stands still, or behind a line that is cut, must not keep its locks for as long as TCP
    /// waits, which is hours. And a statement that was prepared is planned once: every one here goes by keys, whatever the
    /// values are. PgBouncer may give the connection to another one of ours, which has the same settings.
    /// </summary>
    private static NpgsqlCommand Initialize(NpgsqlConnection connection) =>
        new($"SET idle_in_transaction_session_timeout = '{LongestPauseSeconds}s'; SET plan_cache_mode = force_generic_plan", connection);

    /// <summary>
    /// What suits many small statements, where the connection string says nothing else. Statements that repeat are prepared
    /// on the server by themselves (not behind PgBouncer). Nobody waits longer than a few seconds for a connection or
    /// for an answer; what needs longer says so itself. Lost connections are noticed while nobody uses them. Encryption by
    /// Kerberos is not tried unless it is asked for: a server that does not answer would be waited for twice.
    /// </summary>
    private static NpgsqlConnectionStringBuilder ForManySmallStatements(NpgsqlConnectionStringBuilder builder)
    {
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 50);
        Default("No Reset On Close", () => builder.NoResetOnClose = true); // nothing here leaves anything behind on a connection
        Default("Timeout", () => builder.Timeout = LongestWaitSeconds);
        Default("Command Timeout", () => builder.CommandTimeout = LongestWaitSeconds);
        Default("GSS Encryption Mode", () => builder.GssEncryptionMode = GssEncryptionMode.Disable);
        Default("Keepalive", () => builder.KeepAlive = KeepAliveSeconds);
        return builder;

        void Default(string keyword, Action set)
        {
            if (!builder.ShouldSerialize(keyword))
                set();
        }
    }
}
