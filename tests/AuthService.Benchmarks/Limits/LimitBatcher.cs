using System.Threading.Channels;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>One statement for many requests.</summary>
/// <param name="Sql">The statement. The last column of every row is the number of its item, from 1.</param>
/// <param name="Parameters">Makes the parameters: arrays with an element for each item, and values for all items.</param>
/// <param name="Read">Returns the result of an item after one more row.</param>
/// <param name="None">The result of an item without a row.</param>
internal sealed record LimitStatement<TItem, TResult>(
    string Sql, Func<TItem[], NpgsqlParameter[]> Parameters, Func<TResult, NpgsqlDataReader, TResult> Read, TResult None);

/// <summary>
/// Sends the items of many requests as one statement, like the service, with only a queue, a few connections and plain Npgsql. A single request is sent at
/// once. While every connection waits for its statement, requests are collected.
/// </summary>
internal sealed class LimitBatcher<TItem, TResult>
{
    private const int Connections = 3;
    private const int MostItems = 64;

    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>();
    private readonly LimitStatement<TItem, TResult> _statement;

    public LimitBatcher(NpgsqlDataSource database, LimitStatement<TItem, TResult> statement)
    {
        _statement = statement;
        for (var i = 0; i < Connections; i++)
            _ = RunAsync(database);
    }

    public Task<TResult> ExecuteAsync(TItem item)
    {
        var waiting = new Waiting(item);
        _queue.Writer.TryWrite(waiting);
        return waiting.Task;
    }

    private async Task RunAsync(NpgsqlDataSource database)
    {
        var batch = new List<Waiting>(MostItems);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostItems && _queue.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            if (batch.Count > 0)
                await ExecuteAsync(database, batch);
            batch.Clear();
        }
    }

    private async Task ExecuteAsync(NpgsqlDataSource database, List<Waiting> batch)
    {
        try
        {
            var results = await QueryAsync(database, [.. batch.Select(waiting => waiting.Item)]);
            for (var i = 0; i < batch.Count; i++)
                batch[i].SetResult(results[i]);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidCastException)
        {
            foreach (var waiting in batch)
                waiting.TrySetException(error);
        }
    }

    private async Task<TResult[]> QueryAsync(NpgsqlDataSource database, TItem[] items)
    {
        var results = new TResult[items.Length];
        Array.Fill(results, _statement.None);
        await using var command = database.CreateCommand(_statement.Sql);
        command.Parameters.AddRange(_statement.Parameters(items));
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var item = rows.GetInt64(rows.FieldCount - 1) - 1;
            results[item] = _statement.Read(results[item], rows);
        }

        return results;
    }

    private sealed class Waiting(TItem item) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item { get; } = item;
    }
}
