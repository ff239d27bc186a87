using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>
/// Asks the store how it will run each statement, right before it runs. PostgreSQL tells the plan that serves all values of the parameters, because the
/// service's connections use no other (plan_cache_mode).
/// </summary>
internal sealed partial class Plans(bool postgres) : DbCommandInterceptor
{
    private readonly List<string> _plans = [];

    /// <summary>The plans since the last call, one text for each statement that is no insert.</summary>
    public string[] Take()
    {
        string[] plans = [.. _plans];
        _plans.Clear();
        return plans;
    }

    /// <summary>Fails when a plan goes through a whole table. What SQLite makes of a list of parameters is no table.</summary>
    public static void ExpectNoScan(string plan) => Assert.DoesNotContain(
        plan.Split('\n'),
        line => line.Contains("Seq Scan", StringComparison.Ordinal)
            || (line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.Contains("VIRTUAL TABLE", StringComparison.Ordinal)));

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await AddAsync(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await AddAsync(command);
        return result;
    }

    /// <summary>An insert looks nothing up, and EF Core sends several by one command.</summary>
    private async Task AddAsync(DbCommand command)
    {
        if (!command.CommandText.StartsWith("INSERT", StringComparison.Ordinal))
            _plans.Add(string.Join('\n', postgres ? await ExplainOnPostgresAsync(command) : await ExplainOnSqliteAsync(command)));
    }

    private static async Task<List<string>> ExplainOnSqliteAsync(DbCommand command)
    {
        var text = command.CommandText;
        command.CommandText = $"EXPLAIN QUERY PLAN {text}";
        var lines = await ReadAsync(command, column: 3);
        command.CommandText = text;
        return lines;
    }

    private static async Task<List<string>> ExplainOnPostgresAsync(DbCommand command)
    {
        string[] names = [.. command.Parameters.Cast<DbParameter>().Select(parameter => parameter.ParameterName.TrimStart('@'))];
        var text = ParameterName.Replace(command.CommandText, found => $"${Array.IndexOf(names, found.Value[1..]) + 1}");
        await using var own = command.Connection!.CreateCommand();
        own.Transaction = command.Transaction;
        own.CommandText = $"PREPARE explained AS {text}";
        await own.ExecuteNonQueryAsync();
        own.CommandText = $"EXPLAIN EXECUTE explained{(names.Length == 0 ? "" : $"({string.Join(", ", names.Select(_ => "NULL"))})")}";
        var lines = await ReadAsync(own, column: 0);
        own.CommandText = "DEALLOCATE explained";
        await own.ExecuteNonQueryAsync();
        return lines;
    }

    private static async Task<List<string>> ReadAsync(DbCommand command, int column)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetValue(column).ToString()!);
        return lines;
    }

    [GeneratedRegex(@"@\w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterName { get; }
}
