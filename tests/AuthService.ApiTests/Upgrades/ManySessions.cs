using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthService.ApiTests.Hosting;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>Writes sessions of many people into the database as the service would. The refresh token of each can be computed from its number.</summary>
/// <remarks>It uses only columns that every released schema has.</remarks>
internal sealed class ManySessions(TestDatabase database, int count)
{
    private const int SessionsOfAPerson = 5;

    /// <summary>The number has nineteen digits, so that all tokens have the same length.</summary>
    private const long FirstNumber = 1_000_000_000_000_000_000;

    private const string TokenBegin = "rt_00000000000000000000000";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public async Task AddAsync()
    {
        var now = Microseconds(DateTimeOffset.UtcNow);
        var people = count / SessionsOfAPerson;
        await ExecuteAsync(
            $"""
            WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {people})
            INSERT INTO principals (id, folded_id, uuid, type, role, state, search_text, can_impersonate, agreement_accepted, password_reset_requested,
                                    security_stamp, created_at)
            SELECT 'many-' || i, 'many-' || i, {NewId}, 0, 0, 0, 'many-' || i, FALSE, TRUE, FALSE, 0, {now} FROM counted
            """);
        await ExecuteAsync(
            $"""
            WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {count})
            INSERT INTO sessions (id, principal_number, security_stamp, state, created_at, last_used_at, suspend_at, expire_at, idle_timeout,
                                  public_computer, mobile_device, refresh_token_hash, mode, scopes)
            SELECT {NewId}, p.number, 0, 1, {now}, {now}, {now + Microseconds(Lifetime)}, {now + Microseconds(Lifetime)}, {(long)Lifetime.TotalMilliseconds},
                   FALSE, FALSE, {Hash("i")}, 1, 'all:write'
            FROM counted JOIN principals AS p ON p.id = 'many-' || (1 + i % {people})
            """);
    }

    /// <summary>Adds the sessions to a person.</summary>
    /// <returns>Their refresh tokens.</returns>
    public async Task<string[]> AddToAsync(string person, DateTimeOffset at)
    {
        var first = RandomNumberGenerator.GetInt32(1_000_000, int.MaxValue - count); // other tests on this database add sessions too
        var now = Microseconds(at);
        await ExecuteAsync(
            $"""
            WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < {count})
            INSERT INTO sessions (id, principal_number, security_stamp, state, created_at, last_used_at, suspend_at, expire_at, idle_timeout,
                                  public_computer, mobile_device, refresh_token_hash, mode, scopes)
            SELECT {NewId}, p.number, p.security_stamp, 1, {now}, {now}, {now + Microseconds(Lifetime)}, {now + Microseconds(Lifetime)},
                   {(long)Lifetime.TotalMilliseconds}, FALSE, FALSE, {Hash($"{first} + i")}, 1, 'all:write'
            FROM counted JOIN principals AS p ON p.id = '{person}'
            """);
        return [.. Enumerable.Range(first + 1, count).Select(TokenOf)];
    }

    /// <summary>Fails unless about a hundred of the sessions, from the first to the last, can still be refreshed.</summary>
    public async Task ExpectActiveAsync(HttpClient service)
    {
        for (var number = 1; number <= count; number += Math.Max(1, count / 100))
        {
            var refreshed = await service.SendAsync(HttpMethod.Post, "/auth/refresh", TokenOf(number)).ExpectAsync(HttpStatusCode.OK);
            Assert.Equal($"many-{1 + (number % (count / SessionsOfAPerson))}", Requests.ClaimsOf(refreshed.Text("accessToken")).Text("sub"));
        }
    }

    /// <summary>Deletes the sessions, because a comparison of rows with calls does not expect them.</summary>
    public async Task RemoveAsync()
    {
        Assert.Equal(count, await database.CountAsync("sessions WHERE principal_number IN (SELECT number FROM principals WHERE id LIKE 'many-%')"));
        await ExecuteAsync("DELETE FROM principals WHERE id LIKE 'many-%'");
    }

    /// <summary>Updates one of the rows again and again until the given task ends, and measures the delay.</summary>
    /// <returns>The longest time that one update took.</returns>
    public async Task<TimeSpan> LongestWaitAsync(Task beside)
    {
        var longest = TimeSpan.Zero;
        while (!beside.IsCompleted)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await ExecuteAsync($"UPDATE sessions SET last_used_at = last_used_at WHERE refresh_token_hash = {Hash("1")}");
            var took = TimeProvider.System.GetElapsedTime(begun);
            longest = took > longest ? took : longest;
            await Task.Delay(5);
        }

        await beside;
        return longest;
    }

    private static string TokenOf(int number) => $"{TokenBegin}{(FirstNumber + number).ToString(CultureInfo.InvariantCulture)}A";

    private static long Microseconds(DateTimeOffset at) => Microseconds(at - DateTimeOffset.UnixEpoch);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private string NewId => database.IsPostgres ? "gen_random_uuid()" : "new_id()";

    private string Hash(string number)
    {
        var token = $"'{TokenBegin}' || CAST({FirstNumber} + {number} AS text) || 'A'";
        return database.IsPostgres ? $"sha256(convert_to({token}, 'UTF8'))" : $"sha256({token})";
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await database.OpenAsync();
        if (connection is SqliteConnection sqlite)
        {
            sqlite.CreateFunction("new_id", Guid.NewGuid);
            sqlite.CreateFunction("sha256", (string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }

        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
