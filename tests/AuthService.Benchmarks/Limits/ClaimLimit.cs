using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Limits;

/// <summary>The limit of a claim: the service's own statement, its audit row included, sent by plain Npgsql.</summary>
internal sealed class ClaimLimit(NpgsqlDataSource database)
{
    private const long WeekInMicroseconds = 7L * 24 * 60 * 60 * 1_000_000;

    private const string Statement = """
        WITH claimed AS (INSERT INTO claims (jti_hash, forget_at) VALUES ($1, $2) ON CONFLICT (jti_hash) DO NOTHING RETURNING 1),
             recorded AS (INSERT INTO audit_events (at, event, actor, ip_address, detail, outcome)
                          SELECT $3, $4, $5, $6, $7, CASE WHEN EXISTS (SELECT 1 FROM claimed) THEN 0 ELSE 1 END)
        SELECT count(*)::int FROM claimed
        """;

    public async Task HandleAsync(HttpContext context)
    {
        var jti = context.Request.Query["jti"].ToString();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(Of(SHA256.HashData(Encoding.UTF8.GetBytes(jti)), NpgsqlDbType.Bytea));
        command.Parameters.Add(Of(now + WeekInMicroseconds, NpgsqlDbType.Bigint));
        command.Parameters.Add(Of(now, NpgsqlDbType.Bigint));
        command.Parameters.Add(Of("one_time_token_claimed", NpgsqlDbType.Text));
        command.Parameters.Add(Of("_bench", NpgsqlDbType.Text));
        command.Parameters.Add(Of("127.0.0.1", NpgsqlDbType.Text));
        command.Parameters.Add(Of(jti, NpgsqlDbType.Text));
        var isFirst = await command.ExecuteScalarAsync() is 1;
        context.Response.StatusCode = isFirst ? StatusCodes.Status204NoContent : StatusCodes.Status409Conflict;
    }

    private static NpgsqlParameter<T> Of<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };
}
