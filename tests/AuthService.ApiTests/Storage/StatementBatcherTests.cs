using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>Callers that wait behind a batched statement which fails.</summary>
[Collection("postgres")]
public sealed class StatementBatcherTests(PostgresStore store)
{
    private const int Callers = 500;

    [Fact]
    public async Task One_that_is_not_answered_in_time_is_waited_for_once() =>
        Assert.Equal(1, await CountStatementsAsync(new NpgsqlException("Exception while reading from stream", new TimeoutException())));

    [Fact]
    public async Task After_another_failure_those_who_wait_have_theirs_sent() =>
        Assert.InRange(await CountStatementsAsync(new InvalidOperationException("This one is faulty")), 2, Callers);

    /// <summary>Each fails so; the first is under way until all callers wait.</summary>
    private Task<int> CountStatementsAsync(Exception failure) => store.Host.CallAsync<BatchConnections, int>(async connections =>
    {
        var (sent, isSent, mayFail) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        var batcher = new StatementBatcher<int, int>(connections, StatementAsync, isNonBlocking: true);
        var calls = new List<Task> { CallAsync() };
        await isSent.Task;
        calls.AddRange(Enumerable.Range(1, Callers).Select(_ => CallAsync()));
        mayFail.SetResult();

        foreach (var call in calls)
            Assert.Same(failure, await Record.ExceptionAsync(() => call));
        return sent;

        async Task CallAsync()
        {
            await using var own = connections.Open();
            await batcher.ExecuteAsync(own, 0);
        }

        async Task<IReadOnlyList<int>> StatementAsync(AuthService.Storage.Store own, IReadOnlyList<int> items)
        {
            sent++;
            isSent.TrySetResult();
            await mayFail.Task;
            throw failure;
        }
    });
}
