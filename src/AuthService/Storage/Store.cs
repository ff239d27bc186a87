#pragma warning disable RS0030 // the class that every statement goes through

using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>
/// The way to the database for every statement: reads, writes of one statement, and transactions. Each is repeated as
/// <see cref="StoreExecution"/> says; inside a transaction it is the transaction that is repeated. What is interpolated into
/// SQL becomes a parameter.
/// </summary>
/// <remarks>It takes a context when it first needs one: most calls make their statements together with others, in batches, and some wait for long.</remarks>
internal sealed class Store(DatabaseContexts contexts) : IDisposable, IAsyncDisposable
{
    private readonly List<Action> _afterCommit = [];
    private AuthDbContext? _db;

    /// <summary>Otherwise it is SQLite.</summary>
    public bool IsPostgres => contexts.IsPostgres;

    /// <summary>The server, or the file.</summary>
    public string DataSource => Db.Database.GetDbConnection().DataSource;

    public bool IsInTransaction => _db?.Database.CurrentTransaction is not null;

    private AuthDbContext Db => _db ??= contexts.Create();

    /// <summary>A query that changes nothing, so it is also repeated when the connection was lost.</summary>
    public Task<T> ReadAsync<T>(Func<AuthDbContext, Task<T>> query) => ExecuteAsync(query, isRead: true);

    /// <summary>The same in SQL, whose one column is named "Value" unless <typeparamref name="T"/> has several.</summary>
    public Task<List<T>> ReadAsync<T>(FormattableString sql) => ReadAsync(db => db.Database.SqlQuery<T>(sql).ToListAsync());

    /// <summary>One statement that changes something, committed by itself outside a transaction.</summary>
    public Task<T> WriteAsync<T>(Func<AuthDbContext, Task<T>> statement) => ExecuteAsync(statement, isRead: false);

    /// <summary>The same in SQL.</summary>
    /// <returns>How many rows it changed.</returns>
    public Task<int> WriteAsync(FormattableString sql, CancellationToken cancellation = default) =>
        WriteAsync(db => db.Database.ExecuteSqlAsync(sql, cancellation));

    /// <summary>The same with what its RETURNING gives.</summary>
    public Task<List<T>> WriteAsync<T>(FormattableString sql) => WriteAsync(db => db.Database.SqlQuery<T>(sql).ToListAsync());

    public Task InsertAsync(params object[] rows) => WriteAsync(async db =>
    {
        try
        {
            db.AddRange(rows);
            return await db.SaveChangesAsync();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    });

    /// <summary>
    /// A transaction for work that belongs together. Work inside another transaction joins that one, which commits all of it
    /// or nothing. The unit may run several times, the earlier ones without any effect on the store, so it must have no other effect.
    /// </summary>
    /// <param name="unit">The work. What it throws takes everything back.</param>
    /// <param name="isKept">Whether a result is committed or taken back; without it, every result is committed.</param>
    public Task<T> InTransactionAsync<T>(Func<Task<T>> unit, Func<T, bool>? isKept = null)
    {
        if (IsInTransaction)
            return unit();
        var execution = new StoreExecution(Db);
        return execution.ExecuteAsync(async () =>
        {
            execution.RepeatsLostConnection = true;
            Db.ChangeTracker.Clear();
            _afterCommit.Clear();
            await using var transaction = await Db.Database.BeginTransactionAsync();
            var result = await unit();
            if (isKept is null || isKept(result))
            {
                execution.RepeatsLostConnection = false;
                Db.HasUnconfirmedCommit = false;
                await transaction.CommitAsync();
                ExpectConfirmed(Db);
                _afterCommit.ForEach(effect => effect());
            }

            return result;
        });
    }

    public Task InTransactionAsync(Func<Task> unit) => InTransactionAsync(async () =>
    {
        await unit();
        return true;
    });

    /// <summary>Has an effect outside the store once what is being written is committed; never when it is taken back.</summary>
    public void AfterCommit(Action effect)
    {
        if (IsInTransaction)
            _afterCommit.Add(effect);
        else
            effect();
    }

    /// <summary>Locks rows until the transaction is over. SQLite's transactions exclude each other by themselves.</summary>
    /// <param name="rows">Which ones: a table and its WHERE.</param>
    /// <param name="rowLock">Against what.</param>
    /// <returns>False when there are none.</returns>
    public async Task<bool> TryHoldAsync(FormattableString rows, RowLock rowLock) =>
        await HoldAsync<int>(FormattableStringFactory.Create($"SELECT 1 AS \"Value\" FROM {rows.Format}", rows.GetArguments()), rowLock) is [1, ..];

    /// <summary>The same with what stands in the rows once they are locked. An ORDER BY in the query is the order of locking.</summary>
    public Task<List<T>> HoldAsync<T>(FormattableString query, RowLock rowLock)
    {
        var hold = (IsPostgres, rowLock) switch
        {
            (false, _) => "",
            (true, RowLock.AgainstDeletion) => "FOR KEY SHARE",
            (true, RowLock.AgainstChange) => "FOR SHARE",
            _ => "FOR NO KEY UPDATE",
        };
        return WriteAsync<T>(FormattableStringFactory.Create($"{query.Format} {hold}", query.GetArguments()));
    }

    /// <summary>Compares a column with several values, as a piece of SQL (<see cref="SqlText"/>): one parameter where the store knows arrays.</summary>
    public FormattableString Among<T>(T[] values)
    {
        if (IsPostgres)
            return $"= ANY({values})";
        var places = string.Join(", ", Enumerable.Range(0, values.Length).Select(n => $"{{{n}}}"));
        return FormattableStringFactory.Create($"IN ({places})", [.. values.Cast<object?>()]);
    }

    /// <summary>Deletes some rows whose time has come, the oldest first; instances that do so at the same time take different ones.</summary>
    /// <param name="time">The property that says until when a row counts.</param>
    /// <param name="now">Rows up to this moment are deleted.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Stops the statement.</param>
    public Task<int> DeleteBatchAsync<TEntity>(string time, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var table = Db.Model.FindEntityType(typeof(TEntity))!;
        var key = table.FindPrimaryKey()!.Properties[0].GetColumnName();
        var column = table.FindProperty(time)!.GetColumnName();
        var others = IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $$"""
            DELETE FROM {{table.GetTableName()}}
            WHERE {{key}} IN (SELECT {{key}} FROM {{table.GetTableName()}} WHERE {{column}} <= {0} ORDER BY {{column}} LIMIT {1} {{others}})
            """;
        return WriteAsync(FormattableStringFactory.Create(sql, UnixMicroseconds.From(now), limit), cancellation);
    }

    /// <summary>For work on many rows: each statement may take that long, a minute unless told otherwise.</summary>
    public void AllowLongStatements(TimeSpan? atMost = null) => Db.Database.SetCommandTimeout(atMost ?? TimeSpan.FromMinutes(1));

    public void Dispose() => _db?.Dispose();

    public ValueTask DisposeAsync() => _db?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Inside a transaction a statement is not repeated by itself.</summary>
    private Task<T> ExecuteAsync<T>(Func<AuthDbContext, Task<T>> statement, bool isRead) => IsInTransaction
        ? statement(Db)
        : new StoreExecution(Db) { RepeatsLostConnection = isRead }
            .ExecuteAsync((db: Db, statement), static (_, call, _) => RunAsync(call.db, call.statement), verifySucceeded: null);

    /// <summary>What it writes is committed with its answer.</summary>
    private static async Task<T> RunAsync<T>(AuthDbContext db, Func<AuthDbContext, Task<T>> statement)
    {
        db.HasUnconfirmedCommit = false;
        var result = await statement(db);
        ExpectConfirmed(db);
        return result;
    }

    private static void ExpectConfirmed(AuthDbContext db)
    {
        if (db.HasUnconfirmedCommit)
            throw new UnconfirmedCommitException();
    }
}

/// <summary>What others may not do to a row that is held.</summary>
internal enum RowLock
{
    AgainstDeletion,
    AgainstChange,

    /// <summary>As an update would lock it: others who want the same wait.</summary>
    Exclusive,
}

internal static class StoreQueries
{
    /// <summary>Rows of an entity by SQL, to be used in a query of <see cref="Store"/> like a table. What is interpolated becomes a parameter.</summary>
    public static IQueryable<TEntity> FromSql<TEntity>(this AuthDbContext db, FormattableString sql)
        where TEntity : class => db.Set<TEntity>().FromSql(sql);
}
