using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using AuthService.Principals;
using AuthService.SignIn;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>
/// Five attempts for a name whose results never come, because the instance or the database stopped while the passwords were judged. A test makes them
/// by the service's own code. It only waits, so it runs on SQLite.
/// </summary>
[Collection("sqlite 2")]
public sealed class LostAttemptTests(SqliteStore store)
{
    private readonly AuthHost _host = store.Host;

    [Fact]
    public async Task The_next_one_is_answered_within_seconds_and_judged_once_they_are_given_up()
    {
        using var frozen = _host.Clock.Freeze();
        var person = await _host.CreatePersonAsync();
        await LoseAttemptsAsync(person.Id);

        var waited = Stopwatch.StartNew();
        Assert.Equal(1, await _host.LockedForAsync(person.Id, person.Password));
        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20));

        _host.Clock.Advance(LockoutRecord.LongestJudgement);
        Assert.Equal(5, await _host.LockedForAsync(person.Id, person.Password));
        _host.Clock.Advance(TimeSpan.FromSeconds(5));
        await _host.LoginAsync(person);
    }

    private async Task LoseAttemptsAsync(string id)
    {
        Assert.True(PrincipalName.TryParse(id, out var name));
        for (var i = 0; i < LockoutRecord.AllowedFailures; i++)
        {
            var turn = await _host.CallAsync<Lockout, LockoutTurn>(lockout => lockout.TryBeginAsync(name, device: null, CancellationToken.None));
            Assert.Null(turn.RetryAfter);
        }
    }
}
