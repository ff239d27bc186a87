using System.Net;
using System.Net.Sockets;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Runs one check after the other and prints the result of each.</summary>
/// <param name="deployment">The deployment to verify.</param>
/// <param name="endpoints">The routes of this build.</param>
/// <param name="clock">The clock for the report.</param>
/// <param name="version">The version of this build.</param>
internal sealed class VerificationRun(Deployment deployment, IReadOnlyList<Endpoint> endpoints, TimeProvider clock, string version)
{
    private readonly List<CheckResult> _results = [];

    /// <param name="administrator">The access token of an administrator. Null to run only checks that change nothing.</param>
    /// <param name="cancellation">Cancelled when the command is interrupted. The created accounts are removed anyway.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string? administrator, CancellationToken cancellation)
    {
        var isReadOnly = administrator is null;
        if (administrator?.Trim() is { } token && (token.Length == 0 || token.Any(character => character is <= ' ' or > '~')))
            return Terminal.Fail("What standard input holds is no access token.");
        if (await FindObstacleAsync(cancellation) is { } obstacle)
            return Terminal.Fail(obstacle);
        await RunAllAsync([.. new ExposureChecks(deployment).All(), .. new RouteChecks(deployment, endpoints, isReadOnly).All()], cancellation);
        if (administrator is not null)
            await RunWithAccountsAsync(new TestAccounts(deployment, administrator.Trim()), cancellation);
        cancellation.ThrowIfCancellationRequested();
        Terminal.Done(
            $"AuthService {version} on {deployment.Address}, {clock.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: "
            + $"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed, {Count(Verdict.LeftOut)} left out.");
        return Count(Verdict.Failed) == 0 ? 0 : Terminal.Fail("The deployment does not do what the contract says.");
    }

    private async Task RunWithAccountsAsync(TestAccounts accounts, CancellationToken cancellation)
    {
        try
        {
            await RunAllAsync([new("administrator", "may make people and services", accounts.PrepareAsync)], cancellation);
            if (Count(Verdict.Failed) > 0 && _results[^1].Verdict is Verdict.Failed)
                return;
            await RunAllAsync(
                [
                    .. new SessionChecks(deployment, accounts).All(),
                    .. new RevocationChecks(deployment, accounts).All(),
                    .. new FactorChecks(deployment, accounts).All(),
                    .. new AppTokenChecks(deployment, accounts).All(),
                    .. new EventChecks(deployment, accounts).All(),
                    .. new BrowserChecks(deployment, accounts).All(),
                    .. new RaceChecks(deployment, accounts).All(),
                ],
                cancellation);
        }
        finally
        {
            Report(await TryAsync(new("clean-up", "removes what was made", accounts.RemoveAsync), CancellationToken.None));
        }
    }

    private async Task RunAllAsync(IEnumerable<Check> checks, CancellationToken cancellation)
    {
        foreach (var check in checks.TakeWhile(_ => !cancellation.IsCancellationRequested))
            Report(await TryAsync(check, cancellation));
    }

    private static async Task<CheckResult> TryAsync(Check check, CancellationToken cancellation)
    {
        try
        {
            await check.RunAsync();
            return new CheckResult(check, Verdict.Passed, Detail: null);
        }
        catch (CheckLeftOutException leftOut)
        {
            return new CheckResult(check, Verdict.LeftOut, leftOut.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new CheckResult(check, Verdict.LeftOut, "interrupted");
        }
        catch (Exception error) when (IsUnreachable(error) || IsUnexpected(error))
        {
            return new CheckResult(check, Verdict.Failed, error.Message);
        }
    }

    /// <returns>The reason why there is nothing to verify. Null when the deployment answers.</returns>
    private async Task<string?> FindObstacleAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await deployment.GetAsync("/.well-known/oauth-authorization-server");
            return answer.Status is HttpStatusCode.OK ? null : $"{deployment.Address} is no AuthService: {answer.Call} was answered {(int)answer.Status}.";
        }
        catch (Exception error) when (IsUnreachable(error) && !cancellation.IsCancellationRequested)
        {
            return $"{deployment.Address} does not answer: {error.Message}";
        }
    }

    /// <summary>
    /// Returns whether the error comes from a response that the contract does not allow: another status, another member, or an invalid token.
    /// </summary>
    private static bool IsUnexpected(Exception error) =>
        error is CheckFailedException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException;

    private static bool IsUnreachable(Exception error) => error is HttpRequestException or SocketException or TaskCanceledException;

    private void Report(CheckResult result)
    {
        _results.Add(result);
        Terminal.Done(result.ToString());
    }

    private int Count(Verdict verdict) => _results.Count(result => result.Verdict == verdict);
}
