using System.Net;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>
/// Which rows there are, and which limit each stands beside. Rows of one group take turns, so that what else happens
/// on the machine meets an operation and its limit alike.
/// </summary>
internal sealed class RowCatalog(
    BenchmarkOptions options, ServiceInstance service, LimitProcess limits, BenchmarkDatabase? database, Requests requests)
{
    private const string Bare = "limit: bare Kestrel, a constant";
    private const string LookUp = "limit: one look-up";
    private const string LookUpAndSign = "limit: one look-up, one ES256 signature";
    private const string ClaimStatement = "limit: the claim statement";
    private const string RevokeStatement = "limit: the revoke statement";
    private const string CopiedRows = "limit: COPY of the same rows";
    private const string BcryptOneCore = "limit: bcrypt 12, one core";
    private static readonly string BcryptAllCores = $"limit: bcrypt 12, {Environment.ProcessorCount} cores";

    /// <summary>The wanted operations with the limits that they, or those limits, stand beside.</summary>
    public IReadOnlyList<IReadOnlyList<Row>> Groups()
    {
        Row[][] all = options.Store is Store.Postgres
            ?
            [
                RefreshGroup(LookUpAndSign, LookUpAndSignLimit(), BareLimit()),
                ClaimGroup(ClaimStatement, ClaimLimit()),
                LookUpGroup(LookUp, LookUpLimit()),
                RevokeGroup(database!.ConnectionString),
                LoginGroup(),
                ImportGroup(database),
            ]
            : [RefreshGroup(Bare, BareLimit()), ClaimGroup(Bare, BareLimit()), LookUpGroup(Bare, BareLimit()), LoginGroup()];
        return [.. all.Select(Wanted).Where(group => group.Count > 0)];
    }

    private List<Row> Wanted(Row[] group)
    {
        var names = group.Select(row => row.Name).Intersect(options.Operations, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        while (group.Any(row => names.Contains(row.Name) && row.Limit is not null && names.Add(row.Limit)))
        {
            // Each pass adds limits of what is wanted so far.
        }

        return [.. group.Where(row => names.Contains(row.Name))];
    }

    private Row[] RefreshGroup(string limit, params Row[] limitRows) =>
    [
        ServiceRow(Operations.Refresh, limit, Spread(requests.Refresh())),
        ServiceRow(Operations.WebRefresh, limit, Spread(requests.WebRefresh())),
        .. limitRows,
    ];

    private Row[] ClaimGroup(string limit, params Row[] limitRows) =>
        [ServiceRow(Operations.Claim, limit, Numbered(requests.Claim())), .. limitRows];

    private Row[] LookUpGroup(string limit, params Row[] limitRows) =>
    [
        ServiceRow(Operations.ListUserSessions, limit, Spread([requests.ListSessions()])),
        ServiceRow(Operations.ListAccount, limit, Spread([requests.ListAccount()])),
        ServiceRow(Operations.GetSession, limit, Spread(requests.GetSession())),
        ServiceRow(Operations.KeepAlive, limit, Spread(requests.GetSession("?keepAlive"))),
        ServiceRow(Operations.AppToken, limit, Spread(requests.AppToken())),
        ServiceRow(Operations.Replay, limit, Spread(requests.Replay())),
        .. limitRows,
    ];

    /// <summary>Both draw from the same sessions.</summary>
    private Row[] RevokeGroup(string connectionString)
    {
        var sessions = new RevocableSessions(connectionString);
        return
        [
            ServiceRow(Operations.Revoke, RevokeStatement, Drawn(requests.Revoke(), sessions)),
            LimitRow(RevokeStatement, limit: null, Drawn(requests.Revoke(LimitServer.Revoke), sessions)),
        ];
    }

    private Row[] LoginGroup() =>
    [
        ServiceRow(Operations.Login, BcryptAllCores, Spread(requests.Login(), Environment.ProcessorCount)) with
        {
            Interval = options.LoginInterval,
        },
        new(BcryptAllCores, new BcryptContender(Environment.ProcessorCount), BcryptOneCore, options.LoginInterval),
        new(BcryptOneCore, new BcryptContender(1), Limit: null, options.LoginInterval),
    ];

    /// <summary>Their turns are as long as they take. What is measured is people a second.</summary>
    private Row[] ImportGroup(BenchmarkDatabase store)
    {
        var people = new ImportedPeople();
        return
        [
            new(Operations.Import, new ImportContender(store, people, options.ImportedPeople), CopiedRows, options.Interval),
            new(CopiedRows, new CopyContender(store, people, options.ImportedPeople), Limit: null, options.Interval),
        ];
    }

    private Row BareLimit() => LimitRow(Bare, limit: null, Spread(requests.Refresh(LimitServer.Constant)));

    private Row LookUpLimit() => LimitRow(LookUp, limit: null, Spread(requests.Refresh(LimitServer.LookUp)));

    private Row LookUpAndSignLimit() => LimitRow(LookUpAndSign, Bare, Spread(requests.Refresh(LimitServer.LookUpAndSign)));

    private Row ClaimLimit() => LimitRow(ClaimStatement, limit: null, Numbered(requests.Claim(LimitServer.Claim)));

    private Row ServiceRow(string name, string limit, Func<IEnumerable<RequestSource>> load) =>
        new(name, Contender(service.Address, service.ProcessId, load), limit, options.Interval);

    private Row LimitRow(string name, string? limit, Func<IEnumerable<RequestSource>> load) =>
        new(name, Contender(limits.Address, limits.Id, load), limit, options.Interval);

    private HttpContender Contender(IPEndPoint server, int pid, Func<IEnumerable<RequestSource>> load) =>
        new(server, pid, database?.ServerPid, options.WarmUp, load);

    /// <summary>Deals the requests out to the connections; where there are fewer requests, connections share them.</summary>
    private static Func<IEnumerable<RequestSource>> Spread(IReadOnlyList<byte[]> all, int connections = BenchmarkOptions.Connections) =>
        () => Enumerable.Range(0, connections).Select(connection =>
            new RepeatedRequests([.. all.Where((_, i) => i % connections == connection % all.Count)]));

    private Func<IEnumerable<RequestSource>> Drawn(byte[] request, RevocableSessions sessions) => () =>
    {
        sessions.FillUpTo(options.RevocableSessions);
        return Enumerable.Range(0, BenchmarkOptions.Connections).Select(_ => new DrawnRequests(request, sessions.Take));
    };

    private static Func<IEnumerable<RequestSource>> Numbered(byte[] request) =>
        () => Enumerable.Range(0, BenchmarkOptions.Connections).Select(_ => new NumberedRequests(request));
}
