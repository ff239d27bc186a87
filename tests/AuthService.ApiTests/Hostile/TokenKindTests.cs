using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Every kind of token at every operation: only its own works (SECURITY 9 and 11).</summary>
public abstract class TokenKindTests(AuthHost host)
{
    /// <summary>
    /// What the contract says (SPEC 3 to 8): "in", or how it is refused. A role asks for an unextended token with the whole
    /// scope; an API key is good wherever services are; whoever impersonates is for the time being the other. A browser's
    /// refresh token refreshes by cookie alone, a service's is its standing credential and no session to sign out of.
    /// </summary>
    private const string Contract =
        """
        door          person administrator service provider narrowed delegated impersonating API_key app_token refresh browser's_refresh service's_refresh
        Refresh       401    401           401     401      401      401       401           401     401       in      401               in
        Logout        401    401           401     401      401      401       401           401     401       in      in                401
        AppLogout     403    403           403     403      403      403       403           403     in        403     403               403
        AccessToken   in     in            in      in       in       in        in            403     403       401     401               401
        Users         in     in            403     403      403      403       in            403     403       401     401               401
        Services      403    in            in      403      403      403       403           in      403       401     401               401
        OwnOrServices 403    in            in      403      403      403       403           in      in        401     401               401
        Admins        403    in            403     403      403      403       403           403     403       401     401               401
        """;

    private static readonly Dictionary<(string Door, string Kind), string> Expected = Read(Contract);

    [Fact]
    public async Task Only_its_own_kind_opens_a_door()
    {
        var (cells, faults) = (0, new List<string>());
        foreach (var operation in await host.ListOperationsAsync())
        {
            if (DoorOf(operation) is not { } door)
                continue;
            var kinds = await TokenKinds.OneOfEachAsync(host);
            foreach (var (kind, token) in kinds.OrderBy(kind => VerdictOn(door, kind.Key) is "in")) // those who get in may end what the others need
            {
                cells++;
                var expected = VerdictOn(door, kind);
                if (await TryAsync(operation, token) is var seen && seen != expected && !IsForbiddenToImpersonators(operation, kind, seen))
                    faults.Add($"{operation} ({door}) with {kind}: {seen}, expected {expected}");
            }
        }

        ProofTable.Add("Hostile", $"Kinds of token at every operation on {host.Database.Store}", string.Create(
            CultureInfo.InvariantCulture, $"{cells:N0} requests, {faults.Count} violations"));
        Assert.True(faults.Count is 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Nothing_else_is_a_refresh_cookie_or_its_CSRF_token()
    {
        var session = await host.SignedInPersonAsync("web");
        foreach (var (kind, token) in await TokenKinds.OneOfEachAsync(host))
        {
            Assert.True(await StatusAsync(session with { RefreshToken = token }) is 401, $"{kind} as the cookie");
            Assert.True(await StatusAsync(session with { CsrfToken = token }) is 401, $"{kind} as the CSRF token");
        }

        Assert.Equal(200, await StatusAsync(session));

        async Task<int> StatusAsync(SignedIn tried)
        {
            using var answer = await host.TryWebRefreshAsync(tried);
            return (int)answer.StatusCode;
        }
    }

    /// <summary>One-time tokens, which are not in the table, open nothing; one door says that they are of the wrong kind (SPEC 6).</summary>
    private static string VerdictOn(string door, string kind) =>
        Expected.GetValueOrDefault((door, kind), door is "AppLogout" && kind.EndsWith("one-time", StringComparison.Ordinal) ? "403" : "401");

    /// <returns>Null where no bearer is looked at.</returns>
    private static string? DoorOf(ApiOperation operation) => (operation.Surface, operation.ToString()) switch
    {
        (_, "POST /auth/refresh") => "Refresh",
        (_, "POST /auth/logout") => "Logout",
        (_, "POST /api/v1/auth/logout") => "AppLogout",
        (_, "GET /api/v1/app/{app_id}") => "OwnOrServices",
        (_, "POST /auth/request") => "AccessToken",
        (_, "DELETE /sessions") => "Admins",
        _ when !operation.NeedsToken => null,
        ("account", _) or (_, "GET /auth/sessions" or "DELETE /auth/sessions") => "Users",
        ("admin", _) => "Admins",
        ("auth" or "sessions" or "app-tokens" or "oauth", _) => "Services",
        _ => throw new InvalidOperationException($"Nobody has said who may call {operation}"),
    };

    /// <summary>While somebody impersonates them a person's password stays as it is (SECURITY 15).</summary>
    private static bool IsForbiddenToImpersonators(ApiOperation operation, string kind, string seen) =>
        kind is "impersonating" && operation.Path is "/account/password" && seen is "403";

    private static Dictionary<(string Door, string Kind), string> Read(string table)
    {
        var lines = table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var cells = from line in lines.Skip(1)
                    from column in Enumerable.Range(1, line.Length - 1)
                    select (Door: line[0], Kind: lines[0][column].Replace('_', ' '), Verdict: line[column]);
        return cells.ToDictionary(cell => (cell.Door, cell.Kind), cell => cell.Verdict);
    }

    private async Task<string> TryAsync(ApiOperation operation, string token)
    {
        using var answer = await host.SendAsync(operation.Method, operation.SomePath, headers: ("Authorization", $"Bearer {token}"));
        if ((int)answer.StatusCode is not (401 or 403))
            return (int)answer.StatusCode >= 500 ? $"{answer.StatusCode}" : "in";
        return await operation.FaultOfRefusalAsync(answer, answer.StatusCode) ?? $"{(int)answer.StatusCode}";
    }

    public sealed class OnSqlite(SqliteStore store) : TokenKindTests(store.Host), IClassFixture<SqliteStore>;

    public sealed class OnPostgres(PostgresStore store) : TokenKindTests(store.Host), IClassFixture<PostgresStore>;
}
