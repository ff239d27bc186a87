using System.Threading.Channels;
using Npgsql;

namespace AuthService.Benchmarks.Limits;

/// <summary>One statement for many requests at once.</summary>
/// <param name="Sql">Every row ends with the number of its item, from 1.</param>
/// <param name="Parameters">Arrays with an element for each item, and what all of them share.</param>
/// <param name="Read">The result of an item with one more row.</param>
/// <param name="None">The result of an item that has no row.</param>
internal sealed record LimitStatement<TItem, TResult>(
    string Sql, Func<TItem[], NpgsqlParameter[]> Parameters, Func<TResult, NpgsqlDataReader, TResult> Read, TResult None);

/// <summary>
/// Sends what many requests want at one moment as one statement, as the service does, and nothing more: a queue, a few connections, plain Npgsql.
/// A lone request goes out at once; while each connection has a statement to wait for, requests gather.
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
