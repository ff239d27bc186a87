using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>The lists and counts of sessions.</summary>
internal sealed class SessionLists(AuthDbContext db, SharedLists shared)
{
    /// <summary>The principal's own living sessions, and those in which it acts as somebody else, without the delegated ones.</summary>
    public async Task<SessionPage> ListOwnAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var skip = page * itemsPerPage;
        var oneMore = new ListQuestion(principal, now, itemsPerPage + 1) { Skip = skip, WithoutDelegated = true };
        var found = await FindAsync(oneMore);
        var isLast = found.Count <= itemsPerPage && (found.Count > 0 || page == 0);
        return new SessionPage(isLast ? skip + found.Count : await CountAsync(oneMore), [.. found.Take(itemsPerPage)]);
    }

    /// <summary>The newest living sessions that concern the principal: own, delegated and impersonated ones.</summary>
    public Task<IReadOnlyList<ListedSession>> ListAsync(Principal principal, DateTimeOffset now, int limit, bool onlyActive) =>
        FindAsync(new ListQuestion(principal, now, limit) { OnlyActive = onlyActive });

    /// <summary>The same page by page, with the products that they are enabled for.</summary>
    public async Task<SessionInFullPage> ListInFullAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var question = new ListQuestion(principal, now, itemsPerPage) { Skip = page * itemsPerPage };
        var found = await NewestFirst(Living(question)).Skip(question.Skip).Take(question.Take)
            .Select(row => new OwnedSession(row.Session, row.Principal, row.Actor))
            .ToListAsync();
        var ids = found.ConvertAll(owned => owned.Session.Id);
        var accesses = await db.Set<ProductAccess>().AsNoTracking().Where(access => ids.Contains(access.SessionId)).OrderBy(access => access.Product).ToListAsync();
        var products = accesses.ToLookup(access => access.SessionId, access => access.Product);
        return new SessionInFullPage(await CountAsync(question), found.ConvertAll(owned => new SessionInFull(owned, [.. products[owned.Session.Id]])));
    }

    public Task<int> CountActiveAsync(Principal principal, DateTimeOffset now) =>
        CountAsync(new ListQuestion(principal, now, int.MaxValue) { OnlyActive = true });

    /// <summary>Those of everybody, without a look at who they are: what ends a person ends their sessions.</summary>
    public Task<long> CountActiveAsync(DateTimeOffset now, CancellationToken cancellation) => db.Set<Session>()
        .LongCountAsync(s => s.State == SessionState.Enabled && s.SuspendAt > now && s.ExpireAt > now, cancellation);

    private async Task<IReadOnlyList<ListedSession>> FindAsync(ListQuestion question)
    {
        if (db.IsPostgres)
            return await shared.FindAsync(question);
        return await NewestFirst(Living(question)).Skip(question.Skip).Take(question.Take)
            .Select(row => new ListedSession(
                row.Session.Id, row.Session.IpAddress, row.Session.UserAgent, row.Session.Location, row.Session.CreatedAt, row.Session.LastUsedAt,
                row.Session.ExpireAt, LastOf(row.Session.ExtendedByChain), row.Actor!.Id))
            .ToListAsync();
    }

    private static string? LastOf(string[]? chain) => chain?[^1];

    private static IQueryable<Row> NewestFirst(IQueryable<Row> rows) =>
        rows.OrderByDescending(row => row.Session.CreatedAt).ThenByDescending(row => row.Session.Id);

    /// <summary>The principal is known, so its own sessions, which may be many, are counted alone; those in which two stand are few.</summary>
    private async Task<int> CountAsync(ListQuestion question)
    {
        var principal = question.Principal;
        var own = principal.State is not PrincipalState.Enabled ? 0 : await Asked(question)
            .CountAsync(s => s.PrincipalNumber == principal.Number && s.ActorNumber == null && s.SecurityStamp == principal.SecurityStamp);
        return own + await Living(question).CountAsync(row => row.Session.ActorNumber != null);
    }

    private IQueryable<Session> Asked(ListQuestion question) => db.Set<Session>().AsNoTracking().Where(s => s.ExpireAt > question.Now
        && (s.ExtendedByChain == null || !question.WithoutDelegated)
        && (!question.OnlyActive || (s.State == SessionState.Enabled && s.SuspendAt > question.Now)));

    /// <summary>What <see cref="SessionRules.StateOf"/> calls neither expired nor deleted, in SQL.</summary>
    private IQueryable<Row> Living(ListQuestion question) => Asked(question)
        .Where(s => s.PrincipalNumber == question.Principal.Number || s.ActorNumber == question.Principal.Number)
        .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
        .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new Row { Session = row.s, Principal = row.p, Actor = a })
        .Where(row => row.Principal.State == PrincipalState.Enabled && row.Principal.SecurityStamp == row.Session.SecurityStamp
            && (row.Session.ActorNumber == null || (row.Actor!.State == PrincipalState.Enabled
                && row.Actor.SecurityStamp == row.Session.ActorStamp && row.Actor.Role == Role.Admin && row.Actor.CanImpersonate)));

    /// <summary>An <see cref="OwnedSession"/> on its way through a query: members set by name can be asked for in SQL.</summary>
    private sealed class Row
    {
        public required Session Session { get; init; }

        public required Principal Principal { get; init; }

        public Principal? Actor { get; init; }
    }
}
