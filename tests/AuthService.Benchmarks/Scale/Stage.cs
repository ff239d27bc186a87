using System.Globalization;
using System.Text;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Service;
using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>A database with a given number of sessions, together with the service and the limit server on it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>A clean-up interval that is longer than any run, so that no session is deleted by it.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    private readonly BenchmarkDatabase _server;
    private readonly NumberedSessions _sessions = new();
    private readonly TimeSpan _warmUp;

    private Stage(BenchmarkDatabase server, int size, TimeSpan warmUp)
    {
        (_server, Size, _warmUp) = (server, size, warmUp);
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"sessions_{size}" }.ConnectionString;
    }

    public int Size { get; }

    public string ConnectionString { get; }

    public ServiceInstance Service { get; private set; } = null!;

    public LimitProcess Limits { get; private set; } = null!;

    public SessionFill Fill { get; private set; } = null!;

    public string AdminToken { get; private set; } = null!;

    public string Name => Size.ToString("#,0", CultureInfo.InvariantCulture);

    public static async Task<Stage> StartAsync(BenchmarkDatabase server, int size, TimeSpan warmUp, CancellationToken cancellationToken)
    {
        var stage = new Stage(server, size, warmUp);
        try
        {
            Console.Error.WriteLine($"filling a store with {stage.Name} sessions");
            await stage.StartAsync(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another instance on the same store, with the same issuer and key.</summary>
    /// <param name="cleanUpInterval">The interval at which it deletes expired rows.</param>
    /// <param name="cancellationToken">Cancels the wait for the start.</param>
    public Task<ServiceInstance> StartInstanceAsync(TimeSpan cleanUpInterval, CancellationToken cancellationToken)
    {
        var settings = Settings(cleanUpInterval);
        settings["Jwt__Issuer"] = Service.Issuer;
        settings["Jwt__SigningKeys__0__PrivateKeyPem"] = Service.SigningKeyPem;
        return ServiceInstance.StartAsync(settings, cancellationToken);
    }

    /// <summary>Creates a person through the API with this many sessions, one of them by a sign-in.</summary>
    /// <returns>An access token.</returns>
    public async Task<string> AddPersonAsync(string id, string password, int sessions, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(Service);
        await client.CreatePersonAsync(AdminToken, id, password, cancellationToken);
        return await SignInAsync(id, password, sessions, cancellationToken);
    }

    /// <summary>Signs in a person who has no session, and adds the other sessions.</summary>
    public async Task<string> SignInAsync(string id, string password, int sessions, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(Service);
        var signIn = await client.LoginAsync(id, password, ServiceInstance.AppLoginService, cancellationToken);
        await Fill.AddAsync(id, sessions - 1, cancellationToken);
        return signIn.AccessToken;
    }

    /// <summary>Returns the refresh token of a filled session.</summary>
    public string TokenOf(long number)
    {
        Span<byte> token = stackalloc byte[NumberedSessions.TokenLength];
        _sessions.WriteToken(number, token);
        return Encoding.ASCII.GetString(token);
    }

    /// <summary>Refreshes random sessions that were used just now.</summary>
    public Func<IEnumerable<RequestSource>> Refreshes(string path = "/auth/refresh") => Load(path, () => 2 * Random.Shared.NextInt64(Size / 2));

    /// <summary>Refreshes random sessions that were not used just now, so that each refresh writes "last used".</summary>
    public Func<IEnumerable<RequestSource>> WritingRefreshes() => Load("/auth/refresh", () => 1 + 2 * Random.Shared.NextInt64(Size / 2));

    public HttpContender OnService(Func<IEnumerable<RequestSource>> load) => new(Service.Address, Service.ProcessId, _server.ServerPid, _warmUp, load);

    public HttpContender OnLimits(Func<IEnumerable<RequestSource>> load) => new(Limits.Address, Limits.Id, _server.ServerPid, _warmUp, load);

    public async ValueTask DisposeAsync()
    {
        if (Limits is not null)
            await Limits.DisposeAsync();
        if (Service is not null)
            await Service.DisposeAsync();
    }

    private Dictionary<string, string> Settings(TimeSpan cleanUpInterval) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Postgres"] = ConnectionString,
        ["CleanUp__Interval"] = cleanUpInterval.ToString("c", CultureInfo.InvariantCulture),
    };

    private Func<IEnumerable<RequestSource>> Load(string path, Func<long> draw) =>
        () => Enumerable.Range(0, BenchmarkOptions.Connections).Select(_ => new RandomRefreshes(path, _sessions, draw));

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await LongStatements.OpenAsync(_server.ConnectionString, cancellationToken))
            await connection.ExecuteAsync($"CREATE DATABASE sessions_{Size}", cancellationToken);
        Service = await ServiceInstance.StartAsync(Settings(Never), cancellationToken);
        using (var client = new ServiceClient(Service))
        {
            var admin = await client.LoginAsync(ServiceInstance.AdminId, Service.AdminPassword, ServiceInstance.AppLoginService, cancellationToken);
            AdminToken = admin.AccessToken;
        }

        await using (var connection = await LongStatements.OpenAsync(ConnectionString, cancellationToken))
            Fill = new SessionFill(ConnectionString, await SessionPattern.ReadAsync(connection, cancellationToken), _sessions);
        await Fill.FillAsync(Size, cancellationToken);

        var answer = SingleCall.Body(Service.Address, Refreshes()().First().Next().ToArray()).Length;
        var limits = new LimitOptions(
            FreePort.Take(), ConnectionString, Service.SigningKeyPem, Service.Issuer,
            ConstantBytes: answer, ListBytes: answer, SessionBytes: answer, PromptBytes: answer);
        Limits = await LimitProcess.StartAsync(limits, cancellationToken);
    }
}
