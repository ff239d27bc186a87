using System.Globalization;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>Every operation accepts only its own kinds of token (SECURITY 9 and 11).</summary>
public abstract class TokenKindTests(AuthHost host)
{
    /// <summary>
    /// The contract (src/AuthService/README.md#common-rules): "in", or the status of the refusal. A role requires an unextended token with the full scope. An
    /// API key is accepted where services are. An impersonating session has the rights of the impersonated person. A browser's refresh token refreshes only
    /// as a cookie. A service refresh token has no session to sign out of.
    /// </summary>
    private const string Contract =
        """
        endpoint      person administrator service provider narrowed delegated impersonating API_key app_token refresh browser's_refresh service's_refresh
        Refresh       401    401           401     401      401      401       401           401     401       in      401               in
        Logout        401    401           401     401      401      401       401           401     401       in      in                401
        AppLogout     403    403           403     403      403      403       403           403     in        403     403               403
        AccessToken   in     in            in      in       in       in        in            403     403       401     401               401
        Users         in     in            403     403      403      403       in            403     403       401     401               401
        Services      403    in            in      403      403      403       403           in      403       401     401               401
        OnlyServices  403    403           in      403      403      403       403           in      403       401     401               401
        OwnOrServices 403    in            in      403      403      403       403           in      in        401     401               401
        AppTokens     403    403           403     403      403      403       403           403     in        401     401               401
        Admins        403    in            403     403      403      403       403           403     403       401     401               401
        """;

    private const string Impersonating = "impersonating";

    private static readonly Dictionary<(string Endpoint, string Kind), string> Expected = Read(Contract);

    /// <summary>
    /// Operations that nobody may do for another person, each with an otherwise valid body. During an impersonation the person's password, address and factors
    /// cannot change (SECURITY 15). The status is 401 when the operation requires a proof of identity, which the impersonator cannot give.
    /// </summary>
    private static readonly Dictionary<string, (string Verdict, object? Body)> RefusedToImpersonators = new(StringComparer.Ordinal)
    {
        ["PUT /account/password"] = ("403", TokenKinds.ImpersonatedChange),
        ["POST /auth/users/password"] = ("403", TokenKinds.ImpersonatedChange),
        ["PUT /account/email"] = ("401", new { email = "eve@example.com" }),
        ["POST /account/passkeys/options"] = ("401", null),
        ["POST /account/passkeys"] = ("401", new { challengeId = $"2fa_{new string('A', 43)}", credential = new { id = "x", type = "public-key" } }),
        ["DELETE /account/passkeys/{id}"] = ("401", null),
        ["POST /account/identities/start"] = ("401", new { provider = 1 }),
        ["DELETE /account/identities/{id}"] = ("401", null),
        ["POST /auth/2fa"] = ("403", null),
        ["DELETE /auth/2fa"] = ("401", null),
        ["POST /auth/2fa/recovery-codes"] = ("401", null),
        ["POST /auth/reauthenticate"] = ("403", new { password = TokenKinds.ImpersonatedPassword }),
        ["POST /auth/reauthenticate/options"] = ("403", null),
    };

    /// <summary>Half of the lifetime of the narrowed token.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromSeconds(30);

    private bool _wasSomethingDone;
    private DateTime _madeAt;

    [Fact]
    public async Task An_endpoint_accepts_its_own_kinds_only()
    {
        var (cells, faults) = (0, new List<string>());
        var kinds = await KindsAsync();
        var operations = await host.ListAllOperationsAsync();
        Assert.Empty(RefusedToImpersonators.Keys.Except(operations.Select(operation => $"{operation}"), StringComparer.Ordinal));
        foreach (var operation in operations)
        {
            if (EndpointOf(operation) is not { } endpoint)
                continue;
            if (_wasSomethingDone || DateTime.UtcNow - _madeAt > LongestUse)
                kinds = await KindsAsync();
            // Accepted calls come last, because they may revoke what the others need.
            foreach (var (kind, token) in kinds.OrderBy(kind => VerdictOn(operation, endpoint, kind.Key) is "in"))
            {
                cells++;
                var expected = VerdictOn(operation, endpoint, kind);
                var body = kind is Impersonating ? RefusedToImpersonators.GetValueOrDefault($"{operation}").Body : null;
                if (await TryAsync(operation, token, body) is var seen && seen != expected)
                    faults.Add($"{operation} ({endpoint}) with {kind}: {seen}, expected {expected}");
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

    private async Task<IReadOnlyDictionary<string, string>> KindsAsync()
    {
        (_wasSomethingDone, _madeAt) = (false, DateTime.UtcNow);
        return await TokenKinds.OneOfEachAsync(host);
    }

    /// <summary>
    /// Returns the expected result. One-time tokens are not in the table, because every operation refuses them. The logout of app tokens does so as the wrong
    /// kind (src/AuthService/README.md#app-tokens-api).
    /// </summary>
    private static string VerdictOn(ApiOperation operation, string endpoint, string kind) =>
        kind is Impersonating && RefusedToImpersonators.TryGetValue($"{operation}", out var refused) ? refused.Verdict : VerdictOn(endpoint, kind);

    private static string VerdictOn(string endpoint, string kind) =>
        Expected.GetValueOrDefault((endpoint, kind), endpoint is "AppLogout" && kind.EndsWith("one-time", StringComparison.Ordinal) ? "403" : "401");

    /// <returns>The row of the table; null when the operation reads no bearer token.</returns>
    private static string? EndpointOf(ApiOperation operation) => (operation.Surface, operation.ToString()) switch
    {
        (_, "POST /auth/refresh") => "Refresh",
        (_, "POST /auth/logout") => "Logout",
        (_, "POST /api/v1/auth/logout") => "AppLogout",
        (_, "GET /api/v1/app/{app_id}") => "OwnOrServices",
        (_, "POST /auth/request") => "AccessToken",
        (_, "DELETE /sessions") => "Admins",
        (_, "GET /portal/token") => "AppTokens",
        _ when !operation.NeedsToken => null,
        ("account", _) or (_, "GET /auth/sessions" or "DELETE /auth/sessions") => "Users",
        ("auth", _) when operation.Path.StartsWith("/auth/2fa", StringComparison.Ordinal)
            || operation.Path.StartsWith("/auth/reauthenticate", StringComparison.Ordinal)
            || operation.Path.StartsWith("/auth/users/", StringComparison.Ordinal) => "Users",
        ("admin", _) => "Admins",
        ("signals", _) => "OnlyServices",
        ("auth" or "sessions" or "app-tokens" or "oauth" or "revocations", _) => "Services",
        _ => throw new InvalidOperationException($"Nobody has said who may call {operation}"),
    };

    private static Dictionary<(string Endpoint, string Kind), string> Read(string table)
    {
        var lines = table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var cells = from line in lines.Skip(1)
                    from column in Enumerable.Range(1, line.Length - 1)
                    select (Endpoint: line[0], Kind: lines[0][column].Replace('_', ' '), Verdict: line[column]);
        return cells.ToDictionary(cell => (cell.Endpoint, cell.Kind), cell => cell.Verdict);
    }

    private async Task<string> TryAsync(ApiOperation operation, string token, object? body)
    {
        using var answer = await host.SendAsync(operation.Method, operation.SomePath, json: body, headers: ("Authorization", $"Bearer {token}"));
        _wasSomethingDone |= answer.IsSuccessStatusCode && operation.Method != HttpMethod.Get;
        if ((int)answer.StatusCode is not (401 or 403))
            return (int)answer.StatusCode >= 500 ? $"{answer.StatusCode}" : "in";
        return await operation.FaultOfRefusalAsync(answer, answer.StatusCode) ?? $"{(int)answer.StatusCode}";
    }

    public sealed class OnSqlite(TrustingOnSqlite store) : TokenKindTests(store.Host), IClassFixture<TrustingOnSqlite>;

    public sealed class OnPostgres(TrustingOnPostgres store) : TokenKindTests(store.Host), IClassFixture<TrustingOnPostgres>;
}
