#pragma warning disable RS0030 // the class that every statement goes through

using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>
/// Sends every statement to the database: reads, writes of one statement, and transactions. Each is repeated as <see cref="StoreExecution"/> decides.
/// Inside a transaction the whole transaction is repeated. SQL is composed of pieces (<see cref="SqlText"/>).
/// </summary>
/// <remarks>
/// It takes a context only when it first needs one: most calls send their statements in batches with others, and some calls wait for long.
/// </remarks>
internal sealed class Store(DatabaseContexts contexts) : IDisposable, IAsyncDisposable
{
    private readonly List<Action> _afterCommit = [];
    private AuthDbContext? _db;

    /// <summary>Whether the store is PostgreSQL. Otherwise it is SQLite.</summary>
    public bool IsPostgres => contexts.IsPostgres;

    /// <summary>The PostgreSQL server, or the path of the SQLite file.</summary>
    public string DataSource => Db.Database.GetDbConnection().DataSource;

    /// <summary>
    /// SQL for the end of a query: locks the rows, without those that other transactions have locked. In SQLite it is empty, because transactions exclude each
    /// other there.
    /// </summary>
    public FormattableString SkipLocked => SqlText.Raw(IsPostgres ? "FOR UPDATE SKIP LOCKED" : "");

    public bool IsInTransaction => _db?.Database.CurrentTransaction is not null;

    /// <summary>The context. Between transactions it goes on at the server that is the primary by then, if a call or a worker keeps it for long.</summary>
    private AuthDbContext Db
    {
        get
        {
            _db ??= contexts.Create();
            if (!IsInTransaction)
                contexts.FollowPrimary(_db);
            return _db;
        }
    }

    /// <summary>Runs a query that changes nothing, so it is also repeated when the connection was lost.</summary>
    public Task<T> ReadAsync<T>(Func<AuthDbContext, Task<T>> query) => ExecuteAsync(query, isRead: true);

    /// <summary>
    /// Runs a query in SQL that changes nothing. A single column must be named "Value"; for several columns <typeparamref name="T"/> has a property
    /// each.
    /// </summary>
    public Task<List<T>> ReadAsync<T>(FormattableString sql) => ReadAsync(db => Query<T>(db, sql).ToListAsync());

    /// <summary>Reads rows by SQL one by one and keeps what is made of each. A row of which nothing is made takes no memory.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="select">Makes something of a row; null leaves the row out. It sees all rows again when the query is repeated.</param>
    public Task<List<TResult>> ReadAsync<T, TResult>(FormattableString sql, Func<T, TResult?> select)
        where TResult : class => ReadAsync(async db =>
        {
            var results = new List<TResult>();
            await foreach (var row in Query<T>(db, sql).AsAsyncEnumerable())
            {
                if (select(row) is { } result)
                    results.Add(result);
            }

            return results;
        });

    /// <summary>Runs one statement that changes something. Outside a transaction it is committed by itself.</summary>
    public Task<T> WriteAsync<T>(Func<AuthDbContext, Task<T>> statement) => ExecuteAsync(statement, isRead: false);

    /// <summary>Runs one SQL statement that changes something.</summary>
    /// <returns>The number of changed rows.</returns>
    public Task<int> WriteAsync(FormattableString sql, CancellationToken cancellation = default) =>
        WriteAsync(db => db.Database.ExecuteSqlAsync(SqlText.Compose(sql), cancellation));

    /// <summary>Runs one SQL statement that changes something, and gets the rows of its RETURNING clause.</summary>
    public Task<List<T>> WriteAsync<T>(FormattableString sql) => WriteAsync(db => Query<T>(db, sql).ToListAsync());

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
    /// Runs work in one transaction. Inside another transaction it joins that one, which commits everything or nothing, and <paramref name="isKept"/>
    /// has no effect. The work may run several times, of which at most one is committed, so it must have no effect outside the store.
    /// </summary>
    /// <param name="unit">The work. If it throws, everything is rolled back.</param>
    /// <param name="isKept">Whether a result is committed or rolled back. Without it, every result is committed.</param>
    public Task<T> InTransactionAsync<T>(Func<Task<T>> unit, Func<T, bool>? isKept = null)
    {
        if (IsInTransaction)
            return unit();
        var execution = new StoreExecution(Db);
        return execution.ExecuteAsync(async () =>
        {
            execution.RepeatsLostConnection = true;
            var db = Db; // after the commit too, when it could be connected to another server already
            db.ChangeTracker.Clear();
            _afterCommit.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync();
            var result = await unit();
            if (isKept is null || isKept(result))
            {
                execution.RepeatsLostConnection = false;
                db.HasUnconfirmedCommit = false;
                await transaction.CommitAsync();
                ExpectConfirmed(db);
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

    /// <summary>
    /// Runs an effect outside the store once the transaction is committed, or at once when there is none. It never runs if the transaction is rolled
    /// back.
    /// </summary>
    public void AfterCommit(Action effect)
    {
        if (IsInTransaction)
            _afterCommit.Add(effect);
        else
            effect();
    }

    /// <summary>Locks rows until the transaction ends. SQLite needs no row locks: its transactions exclude each other.</summary>
    /// <param name="rows">The rows, as a table and its WHERE clause.</param>
    /// <param name="rowLock">The changes that the lock prevents.</param>
    /// <returns>False when there are no such rows.</returns>
    public async Task<bool> TryHoldAsync(FormattableString rows, RowLock rowLock) =>
        await HoldAsync<int>($"SELECT 1 AS \"Value\" FROM {rows}", rowLock) is [1, ..];

    /// <summary>Locks the rows of a query and gets their values as of the lock. An ORDER BY in the query is the order of locking.</summary>
    public Task<List<T>> HoldAsync<T>(FormattableString query, RowLock rowLock)
    {
        var hold = (IsPostgres, rowLock) switch
        {
            (false, _) => "",
            (true, RowLock.AgainstDeletion) => "FOR KEY SHARE",
            (true, RowLock.AgainstChange) => "FOR SHARE",
            _ => "FOR NO KEY UPDATE",
        };
        return WriteAsync<T>($"{query} {SqlText.Raw(hold)}");
    }

    /// <summary>
    /// Creates the SQL that compares a column with several values (see <see cref="SqlText"/>). In PostgreSQL they are one parameter, because it has
    /// arrays.
    /// </summary>
    public FormattableString Among<T>(T[] values)
    {
        if (IsPostgres)
            return $"= ANY({values})";
        var places = string.Join(", ", Enumerable.Range(0, values.Length).Select(n => $"{{{n}}}"));
        return FormattableStringFactory.Create($"IN ({places})", [.. values.Cast<object?>()]);
    }

    /// <summary>Deletes some expired rows, the oldest first. Instances that delete at the same time take different rows.</summary>
    /// <param name="time">The property that holds when a row expires.</param>
    /// <param name="now">Rows up to this moment are deleted.</param>
    /// <param name="limit">The most rows to delete.</param>
    /// <param name="cancellation">Stops the statement.</param>
    public Task<int> DeleteBatchAsync<TEntity>(string time, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var entity = Db.Model.FindEntityType(typeof(TEntity))!;
        var table = SqlText.Raw(entity.GetTableName()!);
        var key = SqlText.Raw(entity.FindPrimaryKey()!.Properties[0].GetColumnName());
        var column = SqlText.Raw(entity.FindProperty(time)!.GetColumnName());
        // PostgreSQL takes a limit that is a parameter for a tenth of the rows, and reads the whole table to join them.
        var most = SqlText.Raw($"{limit}");
        FormattableString expired = $"SELECT {key} FROM {table} WHERE {column} <= {UnixMicroseconds.From(now)} ORDER BY {column} LIMIT {most} {SkipLocked}";
        return WriteAsync($"DELETE FROM {table} WHERE {key} IN ({expired})", cancellation);
    }

    /// <summary>Allows each statement that long, for work on many rows; a minute by default.</summary>
    public void AllowLongStatements(TimeSpan? atMost = null) => Db.Database.SetCommandTimeout(atMost ?? TimeSpan.FromMinutes(1));

    public void Dispose() => _db?.Dispose();

    public ValueTask DisposeAsync() => _db?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static IQueryable<T> Query<T>(AuthDbContext db, FormattableString sql) => db.Database.SqlQuery<T>(SqlText.Compose(sql));

    /// <summary>Runs a statement. Inside a transaction it is not repeated by itself.</summary>
    private Task<T> ExecuteAsync<T>(Func<AuthDbContext, Task<T>> statement, bool isRead) => IsInTransaction
        ? statement(Db)
        : new StoreExecution(Db) { RepeatsLostConnection = isRead }
            .ExecuteAsync((db: Db, statement), static (_, call, _) => RunAsync(call.db, call.statement), verifySucceeded: null);

    /// <summary>Runs a statement that commits by itself, and checks that the standbys confirmed the commit.</summary>
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

/// <summary>The changes that a row lock keeps other transactions from.</summary>
internal enum RowLock
{
    AgainstDeletion,
    AgainstChange,

    /// <summary>The lock that an update takes. Others that want it wait.</summary>
    Exclusive,
}

internal static class StoreQueries
{
    /// <summary>Gets rows of an entity by SQL. A query of <see cref="Store"/> can use them like a table.</summary>
    public static IQueryable<TEntity> FromSql<TEntity>(this AuthDbContext db, FormattableString sql)
        where TEntity : class => db.Set<TEntity>().FromSql(SqlText.Compose(sql));
}
