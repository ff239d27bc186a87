using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Storage;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Products;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>
/// The rule whether a session is active is written in C# for one session and in SQL for many. Both give the same result for every
/// combination of state, times, stamps, principal and actor, and so do the lists and counts.
/// </summary>
public abstract class SessionFormsTests(AuthHost host) : IAsyncLifetime
{
    private const string Product = "EQUISOFT_CONNECT";
    private const int Stamp = 7;
    private const int Everything = 100_000;

    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan[] Edges = [TimeSpan.FromMicroseconds(-1), TimeSpan.Zero, TimeSpan.FromMicroseconds(1)];

    private AuthHost _own = null!;
    private AuthDbContext _db = null!;
    private DirectStore _direct = null!;
    private SessionLists _lists = null!;
    private SessionWithPrincipals[] _sessions = null!;

    public async Task InitializeAsync()
    {
        _own = await host.StartAnotherAsync();
        _direct = new DirectStore(_own.Database);
        _db = _direct.Contexts.Create();
        _lists = new SessionLists(_direct.Store, new SessionListBatcher(new BatchConnections(_direct.Contexts)));
        var principals = (
            from state in Enum.GetValues<PrincipalState>()
            from role in new[] { Role.User, Role.Admin }
            from canImpersonate in new[] { false, true }
            select NewPrincipal(state, role, canImpersonate)).ToList();
        _db.AddRange(principals);
        await _db.SaveChangesAsync();
        _sessions = [.. Combine(principals).Select(WithNumber)];
        _db.AddRange(_sessions.Select(owned => owned.Session));
        _db.AddRange(_sessions.Select(owned => new ProductAccess { SessionId = owned.Session.Id, Product = Product, GrantedAt = owned.Session.CreatedAt }));
        await _db.SaveChangesAsync();
        _db.ChangeTracker.Clear();
    }

    [Fact]
    public async Task Every_form_of_the_rule_says_the_same()
    {
        Assert.Equal(Ids(SessionRules.IsValid), (await _db.ValidSessions(Now).Select(s => s.Id).ToListAsync()).Order());
        Assert.Equal(Ids(SessionRules.IsActive), (await _db.ActiveSessions(Now).Select(s => s.Id).ToListAsync()).Order());
        Assert.Equal(Ids(SessionRules.IsActive).Length, await _lists.CountActiveAsync(Now, CancellationToken.None));
    }

    [Fact]
    public async Task The_lists_and_counts_of_each_principal_say_the_same()
    {
        var principals = _sessions.SelectMany(owned => new[] { owned.Principal, owned.Actor }).OfType<Principal>().Distinct().ToList();
        Assert.Contains(principals, principal => NewestOf(principal, SessionRules.IsActive).Any(id => ActorOf(id) == principal));
        foreach (var principal in principals)
        {
            var valid = NewestOf(principal, SessionRules.IsValid);
            var active = NewestOf(principal, SessionRules.IsActive);
            Assert.Equal(valid, (await _lists.ListAsync(principal, Now, Everything, onlyActive: false)).Select(item => item.Id));
            Assert.Equal(active, (await _lists.ListAsync(principal, Now, Everything, onlyActive: true)).Select(item => item.Id));
            Assert.Equal(active.Count, await _lists.CountActiveAsync(principal, Now));
            var page = await _lists.ListDetailsAsync(principal, Now, itemsPerPage: 7, page: 1);
            Assert.Equal((valid.Count, valid.Skip(7).Take(7)), (page.ItemsInTotal, page.Items.Select(details => details.Owned.Session.Id)), SamePage);
        }
    }

    [Fact]
    public async Task The_limit_of_a_product_counts_the_same()
    {
        var accesses = new ProductAccessStore(_direct.Store, TimeProvider.System);
        foreach (var person in _sessions.GroupBy(owned => owned.Principal))
        {
            var session = person.First().Session;
            var others = person.Where(owned => owned.Session.Id != session.Id && !owned.Session.MobileDevice && SessionRules.IsActive(owned, Now));
            Assert.Equal(others.Select(owned => owned.Session.Id).Order(), (await accesses.ListOthersAsync(session, Product, Now)).Order());
        }
    }

    public async Task DisposeAsync()
    {
        await _db.DisposeAsync();
        await _direct.DisposeAsync();
        await _own.DisposeAsync();
    }

    private static bool SamePage((int, IEnumerable<Guid>) a, (int, IEnumerable<Guid>) b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2);

    private Guid[] Ids(Func<SessionWithPrincipals, DateTimeOffset, bool> rule) =>
        [.. _sessions.Where(owned => rule(owned, Now)).Select(owned => owned.Session.Id).Order()];

    private Principal? ActorOf(Guid id) => _sessions.Single(owned => owned.Session.Id == id).Actor;

    private List<Guid> NewestOf(Principal principal, Func<SessionWithPrincipals, DateTimeOffset, bool> rule) => _sessions
        .Where(owned => (owned.Principal == principal || owned.Actor == principal) && rule(owned, Now))
        .OrderByDescending(owned => owned.Session.CreatedAt).ThenByDescending(owned => owned.Session.Id)
        .Select(owned => owned.Session.Id).ToList();

    private static IEnumerable<SessionWithPrincipals> Combine(List<Principal> principals) =>
        from principal in principals.Where(principal => !principal.CanImpersonate)
        from actor in principals.Where(actor => actor != principal).Prepend(null)
        from stamp in new[] { Stamp, Stamp - 1 }
        from actorStamp in actor is null ? new int?[] { null } : [Stamp, Stamp + 1]
        from state in new[] { SessionState.New, SessionState.Enabled }
        from suspend in Edges
        from expire in Edges
        select new SessionWithPrincipals(
            new Session
            {
                Id = Guid.Empty,
                PrincipalNumber = principal.Number,
                SecurityStamp = stamp,
                ActorNumber = actor?.Number,
                ActorStamp = actorStamp,
                State = state,
                CreatedAt = Now,
                LastUsedAt = Now,
                SuspendAt = Now + suspend,
                ExpireAt = Now + expire,
                IdleTimeout = TimeSpan.FromHours(1),
                Scopes = [],
            },
            principal,
            actor);

    /// <summary>Gives some sessions equal start times, so that the id decides their order.</summary>
    private static SessionWithPrincipals WithNumber(SessionWithPrincipals owned, int number)
    {
        var createdAt = Now - TimeSpan.FromSeconds(number / 3);
        return owned with { Session = owned.Session with { Id = Guid.CreateVersion7(createdAt), CreatedAt = createdAt, MobileDevice = number % 5 == 0 } };
    }

    private static Principal NewPrincipal(PrincipalState state, Role role, bool canImpersonate)
    {
        var id = $"{state}-{role}-{canImpersonate}".ToUpperInvariant();
        return new Principal
        {
            Id = id,
            FoldedId = id,
            Uuid = Guid.CreateVersion7(Now),
            Type = PrincipalType.Person,
            Role = role,
            State = state,
            CanImpersonate = canImpersonate,
            SecurityStamp = Stamp,
            SearchText = id,
            CreatedAt = Now,
        };
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionFormsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionFormsTests(store.Host);
}
