using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Callers wait behind a batched statement that fails.</summary>
[Collection("postgres")]
public sealed class StatementBatcherTests(PostgresStore store)
{
    private const int Callers = 500;

    [Fact]
    public async Task One_that_is_not_answered_in_time_is_waited_for_once() =>
        Assert.Equal(1, (await CountStatementsAsync(Silence, waiting: TimeSpan.FromSeconds(1.5))).Statements);

    [Fact]
    public async Task After_one_that_is_not_answered_in_time_those_who_have_just_come_have_theirs_sent()
    {
        var (statements, waited) = await CountStatementsAsync(Silence, waiting: TimeSpan.Zero);

        Assert.True(statements > 1 || waited > TimeSpan.FromSeconds(0.9), $"{statements} after {waited}");
    }

    [Fact]
    public async Task After_another_failure_those_who_wait_have_theirs_sent() =>
        Assert.InRange((await CountStatementsAsync(new InvalidOperationException("This one is faulty"), waiting: TimeSpan.Zero)).Statements, 2, Callers);

    /// <summary>Rows are locked for long, for example by a revocation of all sessions. Three statements run at once.</summary>
    [Fact]
    public async Task After_statements_that_wait_for_locks_nobody_who_has_waited_as_long_has_theirs_sent() =>
        Assert.InRange((await CountStatementsAsync(Silence, waiting: TimeSpan.FromSeconds(5.5), isNonBlocking: false)).Statements, 1, 3);

    private static NpgsqlException Silence => new("Exception while reading from stream", new TimeoutException());

    /// <summary>Counts the statements that are sent when each one fails. The first one runs until all callers have waited for the given time.</summary>
    /// <returns>The number of sent statements, and the longest time that a waiting caller has waited.</returns>
    private Task<(int Statements, TimeSpan Waited)> CountStatementsAsync(
        Exception failure, TimeSpan waiting, bool isNonBlocking = true) => store.Host.CallAsync<BatchConnections, (int, TimeSpan)>(async connections =>
    {
        var (sent, isSent, mayFail) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var batcher = new StatementBatcher<int, int>(connections, StatementAsync, isNonBlocking);
        var calls = new List<Task> { CallAsync() };
        await isSent.Task;
        var clock = Stopwatch.StartNew();
        calls.AddRange(Enumerable.Range(1, Callers).Select(_ => CallAsync()));
        await Task.Delay(waiting);
        mayFail.SetResult();

        foreach (var call in calls)
            Assert.Same(failure, await Record.ExceptionAsync(() => call));
        return (sent, clock.Elapsed);

        async Task CallAsync()
        {
            await using var own = connections.Open();
            await batcher.ExecuteAsync(own, 0);
        }

        async Task<IReadOnlyList<int>> StatementAsync(AuthService.Storage.Store own, IReadOnlyList<int> items)
        {
            Interlocked.Increment(ref sent);
            isSent.TrySetResult();
            await mayFail.Task;
            throw failure;
        }
    });
}
