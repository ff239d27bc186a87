using System.Net;
using System.Net.Sockets;
using AuthService.ApiTests.Hosting;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>A call that may succeed once.</summary>
/// <param name="Subject">What the test needs to make the call again.</param>
/// <param name="SendAsync">Makes the call.</param>
/// <param name="Success">The status of its response.</param>
/// <param name="Rows">SQL of a table and a condition, which one row meets after the commit and none before.</param>
internal sealed record SingleCall<T>(T Subject, Func<Task<HttpResponseMessage>> SendAsync, HttpStatusCode Success, string Rows);

/// <summary>Kills an instance (SIGKILL) after its database has committed a call and before the caller has the response.</summary>
/// <param name="folder">Starts the instances.</param>
/// <param name="settings">The settings of an instance, which reaches the database through the proxy.</param>
/// <param name="database">The database.</param>
/// <param name="proxy">The proxy between the instance and the database.</param>
internal sealed class KillAfterCommit(ServiceFolder folder, Settings settings, TestDatabase database, FaultProxy proxy)
{
    /// <summary>The most attempts to kill an instance at that moment.</summary>
    private const int Attempts = 5;

    private const int Rehearsals = 3;

    /// <summary>
    /// Makes a call and kills its instance between the commit and the response. If a worker queries the database in between, the instance dies before the
    /// commit or after the response. That proves nothing and is repeated.
    /// </summary>
    /// <param name="prepare">Prepares another call of the same kind, which reaches the instance with this client.</param>
    /// <returns>The subject of the call that was committed without a response.</returns>
    public async Task<T> RunAsync<T>(Func<HttpClient, Task<SingleCall<T>>> prepare)
    {
        for (var attempts = 0; attempts < Attempts; attempts++)
        {
            await using var victim = folder.Start(settings);
            await victim.WaitUntilReadyAsync();
            var calls = await RehearseAsync(victim, prepare);
            var call = await prepare(victim.Http);
            var isLost = await IsLostAsync(victim, call.SendAsync, calls);
            var committed = await database.CountAsync(call.Rows);
            proxy.NextFault = null;
            proxy.Cut(); // the server was not told that the client is gone
            if (isLost && committed is 1)
                return call.Subject;
        }

        throw new XunitException($"In {Attempts} attempts no instance died between commit and answer");
    }

    /// <summary>Makes the call without a failure, and counts the queries to the database. The last query is the commit.</summary>
    private async Task<int> RehearseAsync<T>(ServiceProcess victim, Func<HttpClient, Task<SingleCall<T>>> prepare)
    {
        var calls = int.MaxValue;
        for (var rehearsals = 0; rehearsals <= Rehearsals; rehearsals++) // a worker may query in between, so the lowest number counts
        {
            var call = await prepare(victim.Http);
            var rehearsal = proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, int.MaxValue);
            await call.SendAsync().ExpectAsync(call.Success);
            proxy.NextFault = null;
            calls = rehearsals is 0 ? calls : Math.Min(calls, rehearsal.Calls); // the first call may query more
        }

        return calls;
    }

    /// <returns>Whether the call got no response.</returns>
    private async Task<bool> IsLostAsync(ServiceProcess victim, Func<Task<HttpResponseMessage>> call, int calls)
    {
        var last = proxy.NextFault = new ConnectionFault(ConnectionFaultKind.Hold, calls);
        var answering = call();
        await Task.WhenAny(answering, last.Happened).WaitAsync(TimeSpan.FromSeconds(60));
        await victim.SignalAsync("KILL");
        try
        {
            using var answer = await answering;
            return false;
        }
        catch (Exception lost) when (lost is HttpRequestException or SocketException)
        {
            return true;
        }
    }
}
