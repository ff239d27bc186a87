using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Callers that refresh without a pause while something is revoked.</summary>
/// <param name="round">Decides how many callers there are and on which instances, and records when a refresh succeeded during the revocation.</param>
/// <param name="refresh">Makes one call of one caller, counted from 0.</param>
internal sealed class Refreshing(Round round, Func<AuthHost, int, Task<HttpResponseMessage>> refresh)
{
    private readonly ConcurrentQueue<string> _minted = new();
    private readonly ConcurrentQueue<long> _startsOfMinters = new();
    private long _revokedAt = long.MaxValue;
    private long _acknowledgedAt = long.MaxValue;

    /// <summary>When the revocation was acknowledged, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long AcknowledgedAt => Volatile.Read(ref _acknowledgedAt);

    /// <returns>The access tokens that were issued before the end, in the order in which they arrived.</returns>
    public async Task<IReadOnlyCollection<string>> AgainstAsync(Func<Task<HttpResponseMessage>> revoke)
    {
        var running = round.Start(round.Between(2, 4), CallAsync);
        while (_minted.IsEmpty && !running.Any(caller => caller.IsCompleted))
            await Task.Delay(1);
        await round.PauseAsync();
        Volatile.Write(ref _revokedAt, Stopwatch.GetTimestamp());
        using (var response = await revoke())
            Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage?.RequestUri}: {response.StatusCode}");
        Volatile.Write(ref _acknowledgedAt, Stopwatch.GetTimestamp());
        round.WasClose = (await Task.WhenAll(running)).Any(close => close);

        Assert.DoesNotContain(_startsOfMinters, start => start > _acknowledgedAt);
        return _minted;
    }

    /// <summary>Repeats the call until one was made after the revocation was acknowledged.</summary>
    /// <returns>Whether a refresh succeeded after the revocation had been sent.</returns>
    private async Task<bool> CallAsync(AuthHost instance, int caller)
    {
        var close = false;
        for (var afterwards = false; !afterwards;)
        {
            var start = Stopwatch.GetTimestamp();
            afterwards = start > Volatile.Read(ref _acknowledgedAt);
            using var response = await refresh(instance, caller);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                continue;
            _minted.Enqueue((await response.ExpectAsync(HttpStatusCode.OK)).Text("accessToken"));
            _startsOfMinters.Enqueue(start);
            close |= Stopwatch.GetTimestamp() > Volatile.Read(ref _revokedAt);
        }

        return close;
    }
}
