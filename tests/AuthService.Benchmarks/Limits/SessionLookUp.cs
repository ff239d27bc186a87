using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Limits;

/// <summary>
/// The single look-up of a refresh: finds the session with its principal by the hash of its refresh token. It reads only columns that the decision or the token
/// needs.
/// </summary>
internal sealed class SessionLookUp(NpgsqlDataSource database)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>The columns of a session <c>s</c> and its principal <c>p</c>, for <see cref="Read"/>.</summary>
    public const string Columns = """
        s.id, s.mode, s.security_stamp, s.last_used_at, s.suspend_at, s.expire_at, s.idle_timeout, s.scopes,
        s.access_token_lifetime, s.extended_by_chain, p.id, p.type, p.role, p.state, p.security_stamp,
        p.first_names, p.last_name, p.email, p.org_id, p.agreement_accepted,
        s.authenticated_at, s.authentication_methods
        """;

    private const string Statement = $"""
        SELECT {Columns}
        FROM sessions AS s JOIN principals AS p ON p.number = s.principal_number
        WHERE s.refresh_token_hash = $1
        """;

    /// <summary>Finds the session of the request's bearer token; null when it has none that is usable.</summary>
    public async Task<FoundSession?> FindAsync(HttpRequest request, DateTimeOffset now)
    {
        await using var command = database.CreateCommand(Statement);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = TokenHashOf(request), NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() && Read(rows) is var session && session.IsUsable(now) ? session : null;
    }

    /// <summary>Returns the hash of the request's bearer token, as the store has it.</summary>
    public static byte[] TokenHashOf(HttpRequest request) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(BearerOf(request)));

    public static string BearerOf(HttpRequest request) => request.Headers.Authorization.ToString()[BearerPrefix.Length..];

    public static FoundSession Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
        row.GetString(7), row.IsDBNull(8) ? null : row.GetInt64(8), Text(row, 9), row.GetString(10), row.GetInt32(11), row.GetInt32(12),
        row.GetInt32(13), row.GetInt32(14), Text(row, 15), Text(row, 16), Text(row, 17), Text(row, 18), row.GetBoolean(19),
        row.GetInt64(20), row.GetString(21));

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>The values that a refresh needs for its decision and its token. Times are in microseconds since 1970, durations in milliseconds.</summary>
internal sealed record FoundSession(
    Guid Id, int Mode, int SessionStamp, long LastUsedAt, long SuspendAt, long ExpireAt, long IdleTimeout, string Scopes,
    long? AccessTokenLifetime, string? ExtendedByChain, string PrincipalId, int PrincipalType, int Role, int PrincipalState,
    int PrincipalStamp, string? FirstNames, string? LastName, string? Email, string? OrgId, bool AgreementAccepted,
    long AuthenticatedAt, string AuthenticationMethods)
{
    public bool IsUsable(DateTimeOffset now)
    {
        var moment = Moment.Of(now);
        return PrincipalState == 0 && SessionStamp == PrincipalStamp && moment < ExpireAt && moment < SuspendAt;
    }
}
