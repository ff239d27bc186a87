using System.Net;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>
/// The command <c>verify</c> finds nothing wrong with a deployment that keeps the contract, and leaves nothing behind. When a proxy in front of the deployment
/// spoils answers, it reports what is wrong.
/// </summary>
public abstract class VerifyTests(AuthHost host) : IAsyncLifetime
{
    /// <summary>The checks of public answers: the check, the words that it reports, and how the answer is spoilt.</summary>
    private static readonly (string Check, string Words, string How)[] Shown =
    [
        ("headers: stand in every answer", "X-Content-Type-Options", "nosniff taken away"),
        ("headers: forbid caches", "Cache-Control \"public", "caches allowed"),
        ("origins: of others may not read", "may be read with credentials", "every origin allowed"),
        ("routes: ", "GET /admin/audit was answered 200", "a route left open"),
        ("routes: ", "401 without WWW-Authenticate", "challenge taken away"),
        ("keys: are published, and no private part of them", "shows d", "private key published"),
        ("metadata: leads to this address", "token_endpoint is http://elsewhere", "metadata of elsewhere"),
        ("errors: are in the format of their API", "no JSON", "errors of its own"),
    ];

    /// <summary>The checks of calls by people and services, and the words that they report when all these answers are spoilt at once.</summary>
    private static readonly (string Check, string Words)[] Done =
    [
        ("session: ends at once when it signs out", "200, not 401"),
        ("one-time token: is claimed once", "204, not 409"),
        ("introspection: says what is active", "signed out is active"),
        ("revocation: gives a receipt", "without Revocation-Receipt"),
        ("revocation: is in the feed", "has come to the cursor of the receipt without it"),
        ("second factor: is asked for", "the password alone gives a token"),
        ("app token: opens its own application only", "200, not 401"),
        ("shared signals: tell of a revoked session", "404, not 200"),
        ("webhook: may not lead to the metadata address", "201, not 400"),
        ("cookie: is out of reach of scripts", "no httponly"),
        ("race: of 16 claims at once one succeeds", "16 succeeded"),
        ("race: no refresh succeeds after the sign-out", "200, not 401"),
        ("race: of 16 wrong passwords", "16 were judged"),
        ("clean-up: removes what was made", "still there: "),
    ];

    private readonly ServiceFolder _folder = new();

    private FrontProxy _proxy = null!;
    private AuthHost _own = null!;

    public async Task InitializeAsync()
    {
        _proxy = await FrontProxy.StartAsync();
        _own = await host.StartAnotherAsync(new() { ["PublicAddress"] = $"{_proxy.Address}".TrimEnd('/') });
        _proxy.Instances = [_own];
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_deployment_that_keeps_the_contract_passes_and_nothing_is_left_behind()
    {
        var result = (await _folder.RunProcessAsync(NoStore(), ["verify", $"{_proxy.Address}"], await _own.NewAdminTokenAsync())).Expect(0);

        Assert.DoesNotContain("FAILED", result.Output, StringComparison.Ordinal);
        var note = Assert.Single(result.Output.Split('\n'), line => line.StartsWith("note", StringComparison.Ordinal));
        Assert.Contains("is this machine", note, StringComparison.Ordinal);
        Assert.Matches($@"AuthService \S+ on {_proxy.Address}, \d{{4}}-.*Z: \d\d passed, 0 failed, 1 left out\.", result.Output);
        Assert.Equal(0, await _own.Database.CountAsync("principals WHERE id LIKE '%verify-%' AND state <> 2"));
        Assert.NotEqual(0, await _own.Database.CountAsync("principals WHERE id LIKE '%verify-%'"));
        Assert.Equal(0, await _own.Database.CountAsync("sessions JOIN principals ON number = principal_number WHERE principals.id LIKE '%verify-%'"));
    }

    [Fact]
    public async Task In_production_nothing_is_made_and_no_credential_needed()
    {
        var calls = new List<string>();
        _proxy.OnCall = context =>
        {
            lock (calls)
                calls.Add($"{context.Request.Method} {context.Request.Path}");
            return Task.FromResult(false);
        };
        var before = await _own.Database.CountAsync("audit_events");

        var result = (await _folder.RunAsync(NoStore(), ["verify", "--read-only", $"{_proxy.Address}"])).Expect(0);

        Assert.Contains("0 failed", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, await _own.Database.CountAsync("audit_events"));
        var writing = calls.Where(call => call[0] is not 'G').Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(["POST /auth/refresh", "POST /oauth/introspect"], writing, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_done_otherwise_is_told()
    {
        _proxy.OnCookie = cookie => cookie.Replace("; httponly", "", StringComparison.OrdinalIgnoreCase);
        var removed = 0; // the first removal shows the command that it may create and delete people
        _proxy.OnCall = context => HttpMethods.IsDelete(context.Request.Method) && context.Request.Path.Value!.Contains("verify-", StringComparison.Ordinal)
            && Interlocked.Increment(ref removed) == 1 ? Task.FromResult(false) : AnswerAsync("all swallowed", context);

        var found = (await VerifyAsync()).Expect(1);

        foreach (var (check, words) in Done)
            Finds(found, check, words);
    }

    [Fact]
    public async Task A_token_that_is_no_administrators_is_refused_before_anything_is_made()
    {
        var person = await _own.SignedInPersonAsync();
        var before = await _own.Database.CountAsync("principals");

        var result = (await VerifyAsync(person.AccessToken)).Expect(1);

        Assert.Contains("FAILED administrator: may make people and services", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("session:", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, await _own.Database.CountAsync("principals"));
    }

    private async Task<CommandResult> VerifyAsync(string? token = null) =>
        await _folder.RunAsync(NoStore(), ["verify", $"{_proxy.Address}"], token ?? await _own.NewAdminTokenAsync());

    /// <summary>Settings without a usable store: the command must look at the deployment only.</summary>
    internal static Settings NoStore() => new()
    {
        ["environment"] = "Development",
        ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1",
    };

    private static void Finds(CommandResult found, string check, string words) => Assert.True(
        found.Output.Split('\n').Any(line => line.StartsWith($"FAILED {check}", StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal)),
        $"{check}: {words}\n{found.Output}");

    private void Spoil(string how)
    {
        switch (how)
        {
            case "nosniff taken away":
                _proxy.OnAnswer = context => context.Response.Headers.XContentTypeOptions = default;
                break;
            case "caches allowed":
                _proxy.OnAnswer = context => context.Response.Headers.CacheControl = "public, max-age=60";
                break;
            case "every origin allowed":
                _proxy.OnAnswer = context =>
                {
                    context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
                    context.Response.Headers.AccessControlAllowCredentials = "true";
                };
                break;
            case "challenge taken away":
                _proxy.OnAnswer = context => context.Response.Headers.WWWAuthenticate = default;
                break;
            default:
                _proxy.OnCall = context => AnswerAsync(how, context);
                break;
        }
    }

    private static async Task<bool> AnswerAsync(string how, HttpContext context)
    {
        var (call, hasCredential) = ($"{context.Request.Method} {context.Request.Path}", context.Request.Headers.Authorization.Count > 0);
        (int Status, string Body)? answer = (how, call) switch
        {
            ("a route left open", "GET /admin/audit") => (200, "[]"),
            ("private key published", "GET /.well-known/jwks.json") => (200, """{"keys":[{"kty":"EC","kid":"1","x":"AA","y":"AA","d":"AA"}]}"""),
            ("metadata of elsewhere", "GET /.well-known/oauth-authorization-server") => (200, """{"token_endpoint":"http://elsewhere/oauth/token"}"""),
            ("errors of its own", "GET /admin/principals") => (401, "<html>Sign in</html>"),
            ("all swallowed", "POST /auth/logout") => (204, ""),
            ("all swallowed", "POST /auth/2fa/challenge") => (204, ""),
            ("all swallowed", "POST /api/v1/auth/logout/") => (204, ""),
            ("all swallowed", _) when call.StartsWith("POST /ssf/poll/", StringComparison.Ordinal) => (404, "{}"),
            ("all swallowed", "POST /admin/webhooks") => (201, """{"id":"none"}"""),
            ("all swallowed", "POST /auth/claim") when hasCredential => (204, ""),
            ("all swallowed", "POST /auth/login") when await HasAsync(context, "Not-the-password") => (401, """{"why":"no"}"""),
            ("all swallowed", "GET /revocations") when context.Request.Query["after"] is [{ } cursor] => (200, FeedWithout(cursor)),
            ("all swallowed", ['D', ..]) when hasCredential && call.Contains("verify-", StringComparison.Ordinal) => (403, "{}"),
            _ => null,
        };
        if (answer is not var (status, body))
            return false;
        context.Response.StatusCode = status;
        if (status is (int)HttpStatusCode.Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (body.Length > 0)
            await context.Response.WriteAsync(body);
        return true;
    }

    /// <summary>Returns an answer of the feed that has come far and passed over everything.</summary>
    private static string FeedWithout(string after) =>
        $$"""{"cursor":"{{after.Split('.')[0]}}.9000000000000000000","now":0,"revoked":[]}""";

    private static async Task<bool> HasAsync(HttpContext context, string words)
    {
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        context.Request.Body.Position = 0;
        return body.Contains(words, StringComparison.Ordinal);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : VerifyTests(store.Host)
    {
        // These requests never reach the store.
        [Fact]
        public async Task What_is_spoiled_on_the_way_is_told()
        {
            foreach (var (check, words, how) in Shown)
            {
                (_proxy.OnCall, _proxy.OnAnswer) = (_ => Task.FromResult(false), _ => { });
                Spoil(how);
                Finds((await _folder.RunAsync(NoStore(), ["verify", "--read-only", $"{_proxy.Address}"])).Expect(1), check, words);
            }
        }

        [Fact]
        public async Task Where_nothing_answers_or_something_else_one_line_says_so()
        {
            (await _folder.RunAsync(NoStore(), ["verify", "--read-only", "http://127.0.0.1:1"])).Refused(1, "http://127.0.0.1:1/ does not answer");
            _proxy.OnPath = _ => null;
            (await _folder.RunAsync(NoStore(), ["verify", "--read-only", $"{_proxy.Address}"])).Refused(1, "is no AuthService");
        }
    }

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : VerifyTests(store.Host);
}
