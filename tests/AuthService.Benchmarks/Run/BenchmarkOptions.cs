namespace AuthService.Benchmarks.Run;

internal enum Store
{
    Postgres,
    Sqlite,
}

/// <summary>The names of the measured operations, for <c>--only</c> and in the table.</summary>
internal static class Operations
{
    public const string Refresh = "refresh";
    public const string WebRefresh = "webRefresh";
    public const string OneTimeToken = "oneTimeToken";
    public const string Claim = "claim";
    public const string ListUserSessions = "listUserSessions";
    public const string ListAccount = "listAccount";
    public const string GetSession = "getSession";
    public const string Introspect = "introspect";
    public const string KeepAlive = "keepAlive";
    public const string RefreshTouch = "refreshTouch";
    public const string AppToken = "appToken";
    public const string Replay = "replay";
    public const string Revoke = "revoke";
    public const string Logout = "logout";
    public const string BulkInvalidate = "bulkInvalidate";
    public const string Login = "login";
    public const string SecondFactor = "secondFactor";
    public const string PasskeyOptions = "passkeyOptions";
    public const string LoginFlood = "loginFlood";
    public const string RefusalFlood = "refusalFlood";
    public const string Import = "import";
    public const string Start = "start";
    public const string RevocationFeed = "revocationFeed";
    public const string RevocationCheck = "revocationCheck";

    public static readonly IReadOnlyList<string> All =
    [
        Refresh, WebRefresh, OneTimeToken, Claim, ListUserSessions, ListAccount, GetSession, Introspect, AppToken, Replay, KeepAlive, RefreshTouch,
        Revoke, Logout, RevocationFeed, BulkInvalidate, Login, SecondFactor, PasskeyOptions, LoginFlood, RefusalFlood, Import, Start, RevocationCheck,
    ];

    /// <summary>The operations for which a short interval is enough.</summary>
    public static readonly IReadOnlyList<string> Quick = [.. All.Except([BulkInvalidate, LoginFlood, RefusalFlood, Import, Start], StringComparer.Ordinal)];
}

/// <summary>The operations to measure, and for how long.</summary>
/// <param name="Store">The store that the service runs on.</param>
/// <param name="Operations">The operations to measure.</param>
/// <param name="Persons">The number of people with sessions, and of applications.</param>
/// <param name="Rounds">The number of turns of each contender. The table has the medians.</param>
/// <param name="FirstWarmUp">The uncounted load before the first round, in which the runtime compiles hot code.</param>
/// <param name="WarmUp">The uncounted load before each interval.</param>
/// <param name="Interval">The counted interval of a turn.</param>
/// <param name="LoginInterval">The counted interval of a turn for logins, of which there are only a few a second.</param>
/// <param name="ImportedPeople">The number of people in an import.</param>
internal sealed record BenchmarkOptions(
    Store Store,
    IReadOnlyList<string> Operations,
    int Persons,
    int Rounds,
    TimeSpan FirstWarmUp,
    TimeSpan WarmUp,
    TimeSpan Interval,
    TimeSpan LoginInterval,
    int ImportedPeople)
{
    public const int Connections = 32;
    private const int MostDrawnInASecond = 30_000;

    /// <summary>The number of copied sessions, which is more than an interval with its warm-up can use.</summary>
    public int DrawnSessions => (int)(MostDrawnInASecond * Math.Max(FirstWarmUp.TotalSeconds, (WarmUp + Interval).TotalSeconds));

    /// <exception cref="BenchmarkException">There is no operation of that name.</exception>
    public static BenchmarkOptions Of(bool quick, Store store, string? only)
    {
        var operations = only?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ?? [.. quick ? Run.Operations.Quick : Run.Operations.All];
        if (operations.FirstOrDefault(name => !Run.Operations.All.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new BenchmarkException($"There is no operation '{unknown}'; there are {string.Join(", ", Run.Operations.All)}.");

        return quick
            ? new(store, operations, 32, 3, Seconds(2.5), Seconds(0.2), Seconds(1.2), Seconds(3), 20_000)
            : new(store, operations, 200, 5, Seconds(10), Seconds(1), Seconds(10), Seconds(15), 100_000);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
