using System.Diagnostics;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// Every operation that takes a bearer token refuses every forgery with 401 in the format of its API, without a query when the signature is wrong.
/// </summary>
public sealed class TokenCorpusTests : IAsyncLifetime
{
    /// <summary>The limit of SECURITY 10 for the median of each kind of forgery. The short form runs beside other tests and allows more.</summary>
    private static readonly double MostMilliseconds = Effort.Of(usual: 500, @long: 20);

    private readonly TokenForge _forge = new();
    private AuthHost _host = null!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(Store.Sqlite, _forge.Settings);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _forge.Dispose();
    }

    [Fact]
    public async Task No_forgery_is_accepted_anywhere()
    {
        var (times, accepted) = (new List<(string What, double Milliseconds)>(), new List<string>());
        foreach (var operation in (await _host.ListAllOperationsAsync()).Where(TakesBearer))
        {
            using var frozen = _host.Clock.Freeze(); // one of the tokens would be valid 31 seconds later
            var good = operation.IsForServicesAlone ? await _host.NewServiceTokenAsync() : await _host.NewAdminTokenAsync();
            var corpus = new TokenCorpus(_forge, good, _host.Clock.GetUtcNow());
            foreach (var (what, token) in corpus.All)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await _host.SendAsync(operation.Method, operation.SomePath, headers: ("Authorization", $"Bearer {token}"));
                times.Add((what, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
                if (await operation.FaultOfRefusalAsync(answer, RefusalOf(operation, what)) is { } fault)
                    accepted.Add($"{operation}, {what}: {fault}");
            }

            await ExpectInAsync(operation, corpus.Control);
        }

        var slowest = times.GroupBy(time => time.What, time => time.Milliseconds, StringComparer.Ordinal)
            .Select(kind => (What: kind.Key, Milliseconds: kind.Order().ElementAt(kind.Count() / 2))).MaxBy(kind => kind.Milliseconds);
        ProofTable.Add("Hostile", "Forged tokens", string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Count:N0} requests, {accepted.Count} violations, at most {slowest.Milliseconds:0.0} ms (median of: {slowest.What})"));
        Assert.True(accepted.Count is 0, string.Join('\n', accepted.Take(40)));
        Assert.True(slowest.Milliseconds < MostMilliseconds, $"{slowest}");
    }

    /// <summary>
    /// Returns the expected status. The logout of app tokens refuses the other tokens of this service, such as one-time tokens, as the wrong kind
    /// (src/AuthService/README.md#app-tokens-api).
    /// </summary>
    private static HttpStatusCode RefusalOf(ApiOperation operation, string what) =>
        operation.Path is "/api/v1/auth/logout" && what.StartsWith("a jti", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized;

    /// <summary>A token with a wrong signature must not cause a query: the service refuses it even without its tables.</summary>
    [Fact]
    public async Task What_is_not_signed_by_us_never_reaches_the_store()
    {
        await using var broken = await _host.StartAnotherAsync(_forge.Settings);
        using var frozen = broken.Clock.Freeze();
        var corpus = new TokenCorpus(_forge, await broken.NewAdminTokenAsync(), broken.Clock.GetUtcNow());
        await broken.Database.ExecuteAsync("ALTER TABLE sessions RENAME TO sessions_gone");
        await broken.Database.ExecuteAsync("ALTER TABLE principals RENAME TO principals_gone");

        await broken.GetAsync("/admin/principals", corpus.Control).ExpectAsync(HttpStatusCode.ServiceUnavailable);
        foreach (var (what, token) in corpus.All.Where(forgery => !IsForTheStore(forgery.What)))
        {
            using var answer = await broken.SendAsync(HttpMethod.Get, "/admin/principals", headers: ("Authorization", $"Bearer {token}"));
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized, $"{what}: {answer.StatusCode}");
        }
    }

    /// <summary>Returns whether the token has a valid signature and form, and is wrong only in the principal or session that it names.</summary>
    private static bool IsForTheStore(string what) => what.StartsWith("sub ", StringComparison.Ordinal) || what.StartsWith("sid ", StringComparison.Ordinal)
        || what.StartsWith("act", StringComparison.Ordinal) || what.StartsWith("a jti", StringComparison.Ordinal);

    private static bool TakesBearer(ApiOperation operation) => operation.NeedsToken || operation.TakesOtherBearer;

    /// <summary>Fails unless the valid token is accepted. Endpoints for other credentials refuse access tokens, valid ones too.</summary>
    private async Task ExpectInAsync(ApiOperation operation, string token)
    {
        using var answer = await _host.SendAsync(operation.Method, operation.SomePath, token);
        var status = operation.Path switch
        {
            "/auth/refresh" or "/auth/logout" => answer.StatusCode is HttpStatusCode.Unauthorized,
            "/api/v1/auth/logout" or "/portal/token" => answer.StatusCode is HttpStatusCode.Forbidden,
            _ => answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden),
        };
        Assert.True(status, $"{operation} with a good token: {answer.StatusCode}");
    }
}
