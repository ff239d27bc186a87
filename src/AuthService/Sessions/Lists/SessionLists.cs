using AuthService.Principals;
using AuthService.Sessions.Products;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Lists;

/// <summary>Lists and counts sessions, newest first.</summary>
internal sealed class SessionLists(Store store, SessionListBatcher batcher)
{
    /// <summary>Lists the principal's own valid sessions and those in which it impersonates somebody, without delegated ones.</summary>
    public async Task<NumberedPage<SessionListItem>> ListOwnAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var skip = page * itemsPerPage;
        var oneMore = new SessionFilter(principal, now, itemsPerPage + 1) { Skip = skip, WithoutDelegated = true };
        var found = await ListAsync(oneMore);
        var isLast = found.Count <= itemsPerPage && (found.Count > 0 || page == 0);
        return new NumberedPage<SessionListItem>(isLast ? skip + found.Count : await CountAsync(oneMore), [.. found.Take(itemsPerPage)]);
    }

    /// <summary>Lists the newest valid sessions that concern the principal: its own, delegated and impersonated ones.</summary>
    public Task<IReadOnlyList<SessionListItem>> ListAsync(Principal principal, DateTimeOffset now, int limit, bool onlyActive) =>
        ListAsync(new SessionFilter(principal, now, limit) { OnlyActive = onlyActive });

    /// <summary>Lists the valid sessions that concern the principal, page by page, with the products for which they are enabled.</summary>
    public async Task<NumberedPage<SessionDetails>> ListDetailsAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var filter = new SessionFilter(principal, now, itemsPerPage) { Skip = page * itemsPerPage };
        var found = await store.ReadAsync(db => Page(db, filter)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new { row.s, row.p, a })
            .OrderByDescending(row => row.s.CreatedAt).ThenByDescending(row => row.s.Id)
            .Select(row => new SessionWithPrincipals(row.s, row.p, row.a))
            .ToListAsync());
        var ids = found.ConvertAll(owned => owned.Session.Id);
        var accesses = await store.ReadAsync(db => db.Set<ProductAccess>().AsNoTracking()
            .Where(access => ids.Contains(access.SessionId)).OrderBy(access => access.Product).ToListAsync());
        var products = accesses.ToLookup(access => access.SessionId, access => access.Product);
        return new NumberedPage<SessionDetails>(
            await CountAsync(filter), found.ConvertAll(owned => new SessionDetails(owned, [.. products[owned.Session.Id]])));
    }

    public Task<int> CountActiveAsync(Principal principal, DateTimeOffset now) =>
        CountAsync(new SessionFilter(principal, now, int.MaxValue) { OnlyActive = true });

    /// <summary>Counts the active sessions of all principals.</summary>
    public Task<long> CountActiveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        store.AllowLongStatements();
        return store.ReadAsync(db => db.ActiveSessions(now).LongCountAsync(cancellation));
    }

    /// <summary>Lists the sessions. SQLite cannot return many lists from one statement and does not need to.</summary>
    private async Task<IReadOnlyList<SessionListItem>> ListAsync(SessionFilter filter) => store.IsPostgres
        ? await batcher.ListAsync(store, filter)
        : await store.ReadAsync(db => Page(db, filter).Select(s => new SessionListItem(
            s.Id, s.IpAddress, s.UserAgent, s.Location, s.CreatedAt, s.LastUsedAt, s.ExpireAt, LastOf(s.ExtendedByChain),
            db.Set<Principal>().Where(a => a.Number == s.ActorNumber).Select(a => a.Id).FirstOrDefault(), s.ActorService)).ToListAsync());

    /// <summary>
    /// Counts the two halves separately too. In one query over both, PostgreSQL would look up the principal of each session, even when all of them belong to
    /// one principal.
    /// </summary>
    private Task<int> CountAsync(SessionFilter filter) => store.ReadAsync(db =>
        Own(db, filter).Select(s => s.Id).Concat(ActedIn(db, filter).Select(s => s.Id)).CountAsync());

    /// <summary>
    /// Queries a page as two halves. For each half an index has this order, so it is read only as far as the page, no matter how many sessions there are.
    /// </summary>
    private static IQueryable<Session> Page(AuthDbContext db, SessionFilter filter)
    {
        var end = filter.Skip + filter.Take;
        return NewestFirst(NewestFirst(Own(db, filter)).Take(end).Concat(NewestFirst(ActedIn(db, filter)).Take(end))).Skip(filter.Skip).Take(filter.Take);
    }

    private static IQueryable<Session> Own(AuthDbContext db, SessionFilter filter) =>
        Matching(db, filter).Where(s => s.PrincipalNumber == filter.Principal.Number);

    private static IQueryable<Session> ActedIn(AuthDbContext db, SessionFilter filter) =>
        Matching(db, filter).Where(s => s.ActorNumber == filter.Principal.Number);

    private static IQueryable<Session> Matching(AuthDbContext db, SessionFilter filter)
    {
        var sessions = filter.OnlyActive ? db.ActiveSessions(filter.Now) : db.ValidSessions(filter.Now);
        return filter.WithoutDelegated ? sessions.Where(s => s.ExtendedByChain == null) : sessions;
    }

    private static IQueryable<Session> NewestFirst(IQueryable<Session> sessions) => sessions.OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id);

    private static string? LastOf(string[]? chain) => chain?[^1];
}
