using System.Net;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;
using AuthService.Benchmarks.Validators;
using Microsoft.AspNetCore.Http;

namespace AuthService.Benchmarks.Run;

/// <summary>
/// The rows of the table and the limit of each. The rows of a group take turns, so that other load on the machine affects an operation and its limit equally.
/// </summary>
internal sealed class RowCatalog(BenchmarkOptions options, Workbench bench)
{
    private const string Bare = "limit: bare Kestrel, a constant";
    private const string LookUp = "limit: one look-up";
    private const string LookUpAndUpdate = "limit: one look-up, one update by key";
    private const string RevokeStatement = "limit: the revoke statement";
    private const string BatchedLookUp = "limit: batched look-up";
    private const string BatchedLookUpAndSign = "limit: batched look-up and ES256";
    private const string BatchedSession = "limit: batched look-up of caller and session";
    private const string BatchedList = "limit: batched look-up of caller and list";
    private const string BatchedTouch = "limit: batched look-up of caller and session, batched update";
    private const string BatchedClaim = "limit: batched claim";
    private const string BatchedLogout = "limit: batched logout";
    private const string BatchedAudit = "limit: batched audit insert";
    private const string BatchedChallenge = "limit: batched challenge insert";
    private const string BulkStatement = "limit: one DELETE = ANY";
    private const string PollStatement = "limit: a poll of the same statement";
    private const string Undisturbed = "limit: refresh without the flood";
    private const string CopiedRows = "limit: COPY of the same rows";
    private const string BcryptOneCore = "limit: bcrypt 12, one core";
    private const int FloodConnections = 16;
    private static readonly string BcryptAllCores = $"limit: bcrypt 12, {Environment.ProcessorCount} cores";

    private readonly Requests _requests = bench.Requests;

    /// <summary>Returns the requested operations with their limits, and the limits of these.</summary>
    public IReadOnlyList<IReadOnlyList<Row>> Groups()
    {
        Row[][] all = bench is { Database: { } database, Copies: { } copies }
            ?
            [
                RefreshGroup(BatchedLookUpAndSign, BatchedAudit, BatchedRefreshLimits()),
                ClaimGroup(BatchedClaim, LimitRow(BatchedClaim, limit: null, Numbered(_requests.Claim(LimitServer.BatchedClaim)))),
                LookUpGroup(new(BatchedList, BatchedSession, LookUp), LookUpLimits()),
                TouchGroup(copies),
                EndingGroup(copies),
                FeedGroup(database, copies),
                BulkGroup(database, copies),
                LoginGroup(SecondFactor(database)),
                PasskeyGroup(BatchedChallenge, LimitRow(BatchedChallenge, limit: null, Spread([_requests.PasskeyOptions(LimitServer.BatchedChallenge)]))),
                FloodGroup(),
                ImportGroup(database),
            ]
            :
            [
                RefreshGroup(Bare, Bare, BareLimit()),
                ClaimGroup(Bare, BareLimit()),
                LookUpGroup(new(Bare, Bare, Bare), RepeatedKeepAlive(Bare), BareLimit()),
                LoginGroup(),
                PasskeyGroup(Bare, BareLimit()),
            ];
        return [.. all.Select(Wanted).Where(group => group.Count > 0)];
    }

    private List<Row> Wanted(Row[] group)
    {
        var names = group.Select(row => row.Name).Intersect(options.Operations, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        while (group.Any(row => names.Contains(row.Name) && (IsNew(row.Limit) || IsNew(row.Other))))
        {
            // Each pass adds the rows with which the rows found so far are compared.
        }

        bool IsNew(string? name) => name is not null && names.Add(name);

        return [.. group.Where(row => names.Contains(row.Name))];
    }

    private Row[] RefreshGroup(string limit, string insert, params Row[] others) =>
    [
        ServiceRow(Operations.Refresh, limit, Spread(_requests.Refresh())),
        ServiceRow(Operations.WebRefresh, limit, Spread(_requests.WebRefresh())),
        ServiceRow(Operations.OneTimeToken, insert, Spread(_requests.OneTimeToken())) with { Other = Operations.Refresh },
        .. others,
    ];

    private Row[] ClaimGroup(string limit, params Row[] others) =>
        [ServiceRow(Operations.Claim, limit, Numbered(_requests.Claim())), .. others];

    private Row[] LookUpGroup(LimitsOfLookUps limits, params Row[] others) =>
    [
        ServiceRow(Operations.ListUserSessions, limits.List, Spread([_requests.ListSessions()])),
        ServiceRow(Operations.ListAccount, limits.Other, Spread([_requests.ListAccount()])),
        ServiceRow(Operations.GetSession, limits.Session, Spread(_requests.GetSession())),
        ServiceRow(Operations.Introspect, limits.Session, Spread(_requests.Introspect())),
        ServiceRow(Operations.AppToken, limits.Other, Spread(_requests.AppToken())),
        ServiceRow(Operations.Replay, limits.Other, Spread(_requests.Replay())),
        .. others,
    ];

    /// <summary>The rows that use each session only once.</summary>
    private Row[] TouchGroup(CopiedSessions copies) =>
    [
        ServiceRow(Operations.KeepAlive, BatchedTouch, Drawn(_requests.KeepAlive(), copies)),
        LimitRow(BatchedTouch, limit: null, Drawn(_requests.TouchOfLimit(LimitServer.BatchedTouch), copies)),
        ServiceRow(Operations.RefreshTouch, LookUpAndUpdate, Drawn(_requests.WithDrawnToken(Requests.RefreshPath), copies)),
        LimitRow(LookUpAndUpdate, limit: null, Drawn(_requests.WithDrawnToken(LimitServer.Touch), copies)),
    ];

    private Row[] EndingGroup(CopiedSessions copies) =>
    [
        ServiceRow(Operations.Revoke, RevokeStatement, Drawn(_requests.Revoke(), copies)),
        LimitRow(RevokeStatement, limit: null, Drawn(_requests.Revoke(LimitServer.Revoke), copies)),
        ServiceRow(Operations.Logout, BatchedLogout, Drawn(_requests.WithDrawnToken(Requests.LogoutPath), copies)),
        LimitRow(BatchedLogout, limit: null, Drawn(_requests.WithDrawnToken(LimitServer.BatchedLogout), copies)),
    ];

    /// <summary>The rows that measure the time from the response to a sign-out until a listener knows of it.</summary>
    private Row[] FeedGroup(BenchmarkDatabase database, CopiedSessions copies)
    {
        return
        [
            new(Operations.RevocationFeed, Heard(stop => FeedListener.Begin(bench.Service, _requests.ServiceToken, stop)), PollStatement, options.Interval),
            new(PollStatement, Heard(_ => new PollListener(database.ConnectionString)), Limit: null, options.Interval),
        ];

        FeedContender Heard(Func<CancellationToken, IListener> listen) => new(bench.Service, copies, listen);
    }

    /// <summary>The rows with turns of a few calls each.</summary>
    private Row[] BulkGroup(BenchmarkDatabase database, CopiedSessions copies)
    {
        return
        [
            new(Operations.BulkInvalidate, Bulk(bench.Service.ProcessId, Call), BulkStatement, options.Interval),
            new(BulkStatement, Bulk(Environment.ProcessId, ids => BulkDelete.Of(database.ConnectionString, ids)), Limit: null, options.Interval),
        ];

        BulkContender Bulk(int pid, Func<Guid[], Action> prepare) => new(copies, pid, database.ServerPid, prepare);

        Action Call(Guid[] ids)
        {
            var request = _requests.BulkInvalidate(ids);
            return () => SingleCall.Body(bench.Service.Address, request);
        }
    }

    private Row[] LoginGroup(params Row[] others) =>
    [
        ServiceRow(Operations.Login, BcryptAllCores, Spread(_requests.Login(), Environment.ProcessorCount)) with
        {
            Interval = options.LoginInterval,
        },
        .. others,
        new(BcryptAllCores, new BcryptContender(Environment.ProcessorCount), BcryptOneCore, options.LoginInterval),
        new(BcryptOneCore, new BcryptContender(1), Limit: null, options.LoginInterval),
    ];

    private Row SecondFactor(BenchmarkDatabase database)
    {
        var load = () => new SecondFactorLoad(bench.Service, database.ConnectionString, _requests.PeopleWithApps);
        return new(
            Operations.SecondFactor, new HttpContender(bench.Service.ProcessId, database.ServerPid, options.WarmUp, load), BcryptAllCores,
            options.LoginInterval);
    }

    private Row[] PasskeyGroup(string limit, params Row[] others) =>
        [ServiceRow(Operations.PasskeyOptions, limit, Spread([_requests.PasskeyOptions()])), .. others];

    private Row[] FloodGroup()
    {
        var refresh = Contender(bench.Service.Address, bench.Service.ProcessId, Spread(_requests.Refresh()));
        return
        [
            Flooded(new Flood(Operations.LoginFlood, Spread(_requests.Login(), FloodConnections), IsSignInOrRefusal)),
            Flooded(new Flood(Operations.RefusalFlood, Spread([_requests.RefusedRefresh()], FloodConnections), IsRefusal)),
            new(Undisturbed, refresh, Limit: null, options.LoginInterval),
        ];

        static bool IsRefusal(int status) => status is StatusCodes.Status401Unauthorized;

        // Slow cores hash so few passwords that the service refuses some of the sign-ins with 503.
        static bool IsSignInOrRefusal(int status) => status is StatusCodes.Status200OK or StatusCodes.Status503ServiceUnavailable;

        Row Flooded(Flood flood) =>
            new(flood.Name, new FloodContender(refresh, bench.Service.Address, options.WarmUp, flood), Undisturbed, options.LoginInterval);
    }

    /// <summary>The rows with turns of one import each. They measure people a second.</summary>
    private Row[] ImportGroup(BenchmarkDatabase database)
    {
        var people = new ImportedPeople();
        return
        [
            new(Operations.Import, new ImportContender(database, people, options.ImportedPeople), CopiedRows, options.Interval),
            new(CopiedRows, new CopyContender(database, people, options.ImportedPeople), Limit: null, options.Interval),
        ];
    }

    private Row RepeatedKeepAlive(string limit) => ServiceRow(Operations.KeepAlive, limit, Spread(_requests.GetSession("?keepAlive")));

    private Row BareLimit() => LimitRow(Bare, limit: null, Spread(_requests.Refresh(LimitServer.Constant)));

    private Row[] BatchedRefreshLimits() =>
    [
        LimitRow(BatchedAudit, limit: null, Spread(_requests.AuditOfLimit(LimitServer.BatchedAudit))),
        LimitRow(BatchedLookUpAndSign, BatchedLookUp, Spread(_requests.Refresh(LimitServer.BatchedLookUpAndSign))),
        LimitRow(BatchedLookUp, Bare, Spread(_requests.Refresh(LimitServer.BatchedLookUp))),
        BareLimit(),
    ];

    private Row[] LookUpLimits() =>
    [
        LimitRow(BatchedList, limit: null, Spread([_requests.ListOfLimit(LimitServer.BatchedList)])),
        LimitRow(BatchedSession, limit: null, Spread(_requests.SessionsOfLimit(LimitServer.BatchedRequestedSession))),
        LimitRow(LookUp, limit: null, Spread(_requests.Refresh(LimitServer.LookUp))),
    ];

    private Row ServiceRow(string name, string limit, Func<IEnumerable<RequestSource>> load) =>
        new(name, Contender(bench.Service.Address, bench.Service.ProcessId, load), limit, options.Interval);

    private Row LimitRow(string name, string? limit, Func<IEnumerable<RequestSource>> load) =>
        new(name, Contender(bench.Limits.Address, bench.Limits.Id, load), limit, options.Interval);

    private HttpContender Contender(IPEndPoint server, int pid, Func<IEnumerable<RequestSource>> load) =>
        new(server, pid, bench.Database?.ServerPid, options.WarmUp, load);

    private static Func<IEnumerable<RequestSource>> Spread(IReadOnlyList<byte[]> all, int connections = BenchmarkOptions.Connections) =>
        () => PerConnection.Spread(all, connections);

    private static Func<IEnumerable<RequestSource>> Numbered(byte[] request) =>
        () => PerConnection.Numbered(request, BenchmarkOptions.Connections);

    private Func<IEnumerable<RequestSource>> Drawn(byte[] request, CopiedSessions copies) => () =>
    {
        copies.FillUpTo(options.DrawnSessions);
        return PerConnection.Drawn(request, copies.Take, BenchmarkOptions.Connections);
    };

    /// <summary>The names of the limits of the look-ups.</summary>
    private sealed record LimitsOfLookUps(string List, string Session, string Other);
}
