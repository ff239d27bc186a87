using AuthService.Principals;
using AuthService.Sessions.Products;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>The lists and counts of sessions, newest first.</summary>
internal sealed class SessionLists(Store store, SessionListBatcher batcher)
{
    /// <summary>The principal's own valid sessions, and those in which it acts as somebody else, without the delegated ones.</summary>
    public async Task<NumberedPage<SessionListItem>> ListOwnAsync(Principal principal, DateTimeOffset now, int itemsPerPage, int page)
    {
        var skip = page * itemsPerPage;
        var oneMore = new SessionFilter(principal, now, itemsPerPage + 1) { Skip = skip, WithoutDelegated = true };
        var found = await ListAsync(oneMore);
        var isLast = found.Count <= itemsPerPage && (found.Count > 0 || page == 0);
        return new NumberedPage<SessionListItem>(isLast ? skip + found.Count : await CountAsync(oneMore), [.. found.Take(itemsPerPage)]);
    }

    /// <summary>The newest valid sessions that concern the principal: own, delegated and impersonated ones.</summary>
    public Task<IReadOnlyList<SessionListItem>> ListAsync(Principal principal, DateTimeOffset now, int limit, bool onlyActive) =>
        ListAsync(new SessionFilter(principal, now, limit) { OnlyActive = onlyActive });

    /// <summary>The same page by page, with the products that they are enabled for.</summary>
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

    /// <summary>Those of everybody.</summary>
    public Task<long> CountActiveAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        store.AllowLongStatements();
        return store.ReadAsync(db => db.ActiveSessions(now).LongCountAsync(cancellation));
    }

    /// <summary>SQLite cannot make many lists in one statement, and need not.</summary>
    private async Task<IReadOnlyList<SessionListItem>> ListAsync(SessionFilter filter) => store.IsPostgres
        ? await batcher.ListAsync(store, filter)
        : await store.ReadAsync(db => Page(db, filter).Select(s => new SessionListItem(
            s.Id, s.IpAddress, s.UserAgent, s.Location, s.CreatedAt, s.LastUsedAt, s.ExpireAt, LastOf(s.ExtendedByChain),
            db.Set<Principal>().Where(a => a.Number == s.ActorNumber).Select(a => a.Id).FirstOrDefault(), s.ActorService)).ToListAsync());

    /// <summary>Two halves as well: of both together PostgreSQL looks each session's principal up, however many there are of one.</summary>
    private Task<int> CountAsync(SessionFilter filter) => store.ReadAsync(db =>
        Own(db, filter).Select(s => s.Id).Concat(ActedIn(db, filter).Select(s => s.Id)).CountAsync());

    /// <summary>Two halves, each of which an index has in this order: it is read only as far as the page goes, however many sessions there are.</summary>
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

/// <summary>A session as its person sees it in a list.</summary>
/// <param name="Id">The session.</param>
/// <param name="IpAddress">Where the sign-in came from.</param>
/// <param name="UserAgent">As the browser sent it.</param>
/// <param name="Location">As a reverse proxy told it.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="ExpireAt">When it expires, however it is used.</param>
/// <param name="ExtendedBy">The service that narrowed it last; null unless it is delegated.</param>
/// <param name="Actor">The id of the administrator who impersonates in it.</param>
/// <param name="ActorService">The service that does so in the administrator's name.</param>
internal sealed record SessionListItem(
    Guid Id,
    string? IpAddress,
    string? UserAgent,
    string? Location,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpireAt,
    string? ExtendedBy,
    string? Actor,
    string? ActorService);
