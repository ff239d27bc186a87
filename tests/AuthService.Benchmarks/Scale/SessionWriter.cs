using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Writes sessions by binary COPY as if people had signed in for months: created one after another over most of a session's lifetime, with the sessions of each
/// person apart from one another.
/// </summary>
/// <remarks>
/// Sessions with an even number were used just now, so that a refresh during the run only reads. Those with an odd number were used up to a day ago, so that
/// the next refresh writes "last used".
/// </remarks>
internal sealed class SessionWriter(NpgsqlConnection connection, SessionPattern pattern, NumberedSessions sessions)
{
    private const string Copy = """
        COPY sessions (id, principal_number, security_stamp, state, created_at, last_used_at, suspend_at, expire_at, idle_timeout,
                       ip_address, user_agent, public_computer, mobile_device, refresh_token_hash, mode, scopes,
                       authenticated_at, authentication_methods)
        FROM STDIN (FORMAT BINARY)
        """;

    private const int Enabled = 1;
    private const int Application = 1;
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestUnused = TimeSpan.FromDays(1);

    private static readonly string[] UserAgents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        "okhttp/5.1.0",
    ];

    public async Task WriteAsync(SessionBatch batch, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        for (var i = 0; i < batch.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(copy, batch.First + i, batch.PrincipalOf(batch.First + i), MomentsOf(batch, i, now));
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private Moments MomentsOf(SessionBatch batch, int place, DateTimeOffset now)
    {
        var share = (double)place / batch.Count;
        if (batch.EndedAgo is { } longest)
        {
            var ended = now - longest * (1 - share);
            return new(ended - pattern.Lifetime, ended - pattern.Lifetime, ended, ended);
        }

        var created = now - pattern.Lifetime * 0.9 * (1 - share);
        var expire = created + pattern.Lifetime;
        var used = (batch.First + place) % 2 == 0 ? now + LongestRun : now - LongestUnused * Random.Shared.NextDouble();
        return new(created, used, expire - used > pattern.IdleTimeout ? used + pattern.IdleTimeout : expire, expire);
    }

    private void Write(NpgsqlBinaryImporter copy, long number, long principal, Moments moments)
    {
        copy.StartRow();
        copy.Write(Guid.CreateVersion7(moments.Created), NpgsqlDbType.Uuid);
        copy.Write(principal, NpgsqlDbType.Bigint);
        copy.Write(0, NpgsqlDbType.Integer);
        copy.Write(Enabled, NpgsqlDbType.Integer);
        foreach (var moment in (DateTimeOffset[])[moments.Created, moments.Used, moments.Suspend, moments.Expire])
            copy.Write(Microseconds(moment), NpgsqlDbType.Bigint);
        copy.Write((long)pattern.IdleTimeout.TotalMilliseconds, NpgsqlDbType.Bigint);
        copy.Write(string.Create(CultureInfo.InvariantCulture, $"198.51.{number / 256 % 256}.{number % 256}"), NpgsqlDbType.Text);
        copy.Write(UserAgents[number % UserAgents.Length], NpgsqlDbType.Text);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(value: false, NpgsqlDbType.Boolean);
        copy.Write(sessions.TokenHash(number), NpgsqlDbType.Bytea);
        copy.Write(Application, NpgsqlDbType.Integer);
        copy.Write(pattern.Scopes, NpgsqlDbType.Text);
        copy.Write(Microseconds(moments.Created), NpgsqlDbType.Bigint);
        copy.Write(pattern.AuthenticationMethods, NpgsqlDbType.Text);
    }

    private static long Microseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly record struct Moments(DateTimeOffset Created, DateTimeOffset Used, DateTimeOffset Suspend, DateTimeOffset Expire);
}
