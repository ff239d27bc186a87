using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>An extension grants only scopes that both the policy and the token contain. Every combination of a few scopes is tried.</summary>
public abstract class ExtensionScopesTests(AuthHost host)
{
    private static readonly string[] Wanted =
    [
        "files:read", "files:write", "files.a:read", "files.a:write", "filesystem:read", "jobs:read", "jobs:write",
        "all:read", "all:write", "api", "all.files:read", "special:read", "special.grant:write",
    ];

    private static readonly string[] Policies = ["all:write|special:write|all.files:write", "files:read", "files.a:write|jobs:read", "all:read"];

    private static readonly string[] Tokens = ["", "files:read", "files.a:write", "files:write|jobs:read", "jobs:write"];

    [Fact]
    public async Task Each_scope_is_given_exactly_when_policy_and_token_both_cover_it()
    {
        await using var own = await host.StartAnotherAsync(PolicySettings());
        var admin = await own.AdminTokenAsync();
        var narrower = await own.NewServiceTokenAsync("_other");
        foreach (var (i, policy) in Policies.Index())
        {
            var caller = await own.NewServiceTokenAsync($"_policy{i}");
            foreach (var held in Tokens)
            {
                var token = held.Length == 0 ? admin : await own.ExtendAsync(narrower, admin, held.Split('|'));
                foreach (var wanted in Wanted)
                    await CheckAsync(own, caller, policy, token, held, wanted);
            }
        }
    }

    /// <summary>If one scope is not allowed, the whole request is refused. Nothing is silently left out.</summary>
    [Fact]
    public async Task A_request_is_granted_whole_or_not_at_all()
    {
        var session = await host.SignedInPersonAsync();
        var caller = await host.NewServiceTokenAsync("_svc2");

        await host.TryExtendAsync(caller, session.AccessToken, ["files:read", "jobs:write"]).ExpectAsync(HttpStatusCode.OK);
        await host.TryExtendAsync(caller, session.AccessToken, ["files:read", "jobs:write", "files:write"]).RefusalAsync(HttpStatusCode.Forbidden);
    }

    /// <summary>The token to extend must contain the scope itself; the rights of its principal do not count.</summary>
    [Fact]
    public async Task An_extended_token_is_never_widened_again()
    {
        var session = await host.SignedInPersonAsync();
        var reading = await host.ExtendAsync(await host.NewServiceTokenAsync("_svc2"), session.AccessToken, "files:read");

        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), reading, ["files:write"]).RefusalAsync(HttpStatusCode.Forbidden);
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), reading, ["files:write"], allowRefreshes: true)
            .RefusalAsync(HttpStatusCode.Forbidden);
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), reading, ["files:read"]).ExpectAsync(HttpStatusCode.OK);
    }

    private static async Task CheckAsync(AuthHost own, string caller, string policy, string token, string held, string wanted)
    {
        var reserved = wanted is "api" || wanted.StartsWith("all", StringComparison.Ordinal) || wanted.StartsWith("special", StringComparison.Ordinal);
        var allowed = !reserved && Covers(policy, wanted) && (held.Length == 0 || Covers(held, wanted));
        using var response = await own.TryExtendAsync(caller, token, [wanted]);
        var expected = allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
        Assert.True(response.StatusCode == expected, $"policy {policy}, token {held}, wanted {wanted}: {response.StatusCode}");
    }

    private static bool Covers(string held, string wanted) => held.Split('|').Any(one =>
    {
        var ((name, access), (wantedName, wantedAccess)) = (Split(one), Split(wanted));
        return (access == "write" || wantedAccess == "read") && (name == "all" || $"{wantedName}.".StartsWith($"{name}.", StringComparison.Ordinal));
    });

    private static (string Name, string Access) Split(string scope) => (scope.Split(':')[0], scope.Split(':')[1]);

    private static Settings PolicySettings()
    {
        var settings = new Settings { ["Extension:Policies:_other:0"] = "all:write" };
        foreach (var (i, policy) in Policies.Index())
        {
            foreach (var (n, scope) in policy.Split('|').Index())
                settings[$"Extension:Policies:_policy{i}:{n}"] = scope;
        }

        return settings;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ExtensionScopesTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ExtensionScopesTests(store.Host);
}
