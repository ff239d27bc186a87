using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary><c>verify</c> cleans up after itself when it is interrupted or the deployment sends malformed answers.</summary>
public abstract class VerifyCleanUpTests(AuthHost host) : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();

    private FrontProxy _proxy = null!;
    private AuthHost _own = null!;

    public async Task InitializeAsync()
    {
        _proxy = await FrontProxy.StartAsync();
        _own = await host.StartAnotherAsync(new() { ["PublicAddress"] = $"{_proxy.Address}".TrimEnd('/'), ["Sessions:FreshFor"] = "00:10:00" });
        _proxy.Instances = [_own];
    }

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        await _proxy.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Interrupted_while_a_sign_in_hangs_it_removes_what_it_has_made(string signal)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.OnCall = async context =>
        {
            if (context.Request.Path != "/auth/login")
                return false;
            held.TrySetResult();
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
            return false;
        };
        using var verify = _folder.StartCommand(VerifyTests.NoStore(), ["verify", $"{_proxy.Address}"]);
        var (output, errors) = (verify.StandardOutput.ReadToEndAsync(), verify.StandardError.ReadToEndAsync());
        await verify.StandardInput.WriteLineAsync(await _own.NewAdminTokenAsync());
        await held.Task.WaitAsync(TimeSpan.FromMinutes(2));

        using (var kill = Process.Start("kill", [$"-{signal}", $"{verify.Id}"]))
            await kill.WaitForExitAsync();
        await verify.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.NotEqual(0, verify.ExitCode);
        Assert.DoesNotContain("   at ", await output + await errors, StringComparison.Ordinal);
        Assert.Contains("ok     clean-up: ", await output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", await output, StringComparison.Ordinal);
        Assert.Equal(0, await _own.Database.CountAsync("principals WHERE id LIKE '%verify-%' AND state <> 2"));
    }

    [Fact]
    public async Task A_sign_in_that_is_not_fresh_is_refused_in_one_line()
    {
        var administrator = await _own.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        _own.Clock.Advance(TimeSpan.FromMinutes(11));

        var result = (await VerifyAsync(await _own.RefreshAsync(administrator.RefreshToken))).Expect(1);

        var failed = Assert.Single(result.Output.Split('\n'), line => line.StartsWith("FAILED", StringComparison.Ordinal));
        Assert.StartsWith("FAILED administrator: may make people and services", failed, StringComparison.Ordinal);
        Assert.DoesNotContain("still there", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, await _own.Database.CountAsync("principals WHERE id LIKE '%verify-%'"));
    }

    [Fact]
    public async Task Tokens_that_are_none_are_told_and_everything_is_removed()
    {
        _proxy.OnCall = async context =>
        {
            if (context.Request.Path != "/auth/login")
                return false;
            await context.Response.WriteAsync("""{"accessToken":"none","refreshToken":"none","csrfToken":"none"}""");
            return true;
        };

        var result = (await VerifyAsync(await _own.NewAdminTokenAsync())).Expect(1);

        Assert.Contains("FAILED session: is refreshed", result.Output, StringComparison.Ordinal);
        Assert.Contains("ok     clean-up: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, await _own.Database.CountAsync("principals WHERE id LIKE '%verify-%' AND state <> 2"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("bell\u0007")]
    public async Task What_is_no_access_token_is_told_before_anything_is_called(string given) =>
        (await VerifyAsync(given)).Refused(1, "no access token");

    private Task<CommandResult> VerifyAsync(string token) => _folder.RunAsync(VerifyTests.NoStore(), ["verify", $"{_proxy.Address}"], token);

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : VerifyCleanUpTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : VerifyCleanUpTests(store.Host);
}
