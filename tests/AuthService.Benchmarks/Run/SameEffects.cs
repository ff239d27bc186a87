using System.Net;
using System.Text;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;
using Npgsql;

namespace AuthService.Benchmarks.Run;

/// <summary>Checks that each limit writes the same into the store as the service. A limit is only valid while it does the same work.</summary>
internal sealed class SameEffects(Workbench bench, BenchmarkDatabase database, PreparedSessions sessions, CopiedSessions copies)
{
    /// <summary>
    /// Describes the row of a session, its row of ended sessions, and the newest audit row about it or about a claimed id with the same digits.
    /// </summary>
    private const string Trace = """
        SELECT concat_ws(', ',
            (SELECT CASE WHEN suspend_at = last_used_at + idle_timeout * 1000 THEN 'session used' ELSE 'session untouched' END FROM sessions WHERE id = $1),
            (SELECT concat_ws(' ', 'ended for', reason, 'by', ended_by) FROM ended_sessions WHERE id = $1),
            (SELECT concat_ws(' ', event, outcome, 'from', ip_address,
                              CASE WHEN actor = principal THEN 'by itself' WHEN actor IS NOT NULL THEN 'by ' || actor END,
                              'session ' || (session_id = $1), 'detail ' || (detail IS NOT NULL))
             FROM audit_events WHERE session_id = $1 OR detail = replace($1::text, '-', '') ORDER BY number DESC LIMIT 1))
        """;

    /// <exception cref="BenchmarkException">A limit and the service write different things.</exception>
    public void Check()
    {
        var requests = bench.Requests;
        (string Operation, byte[] OfService, byte[] OfLimit)[] pairs =
        [
            (Operations.Claim, requests.Claim(), requests.Claim(LimitServer.BatchedClaim)),
            (Operations.KeepAlive, requests.KeepAlive(), requests.TouchOfLimit(LimitServer.BatchedTouch)),
            (Operations.RefreshTouch, requests.WithDrawnToken(Requests.RefreshPath), requests.WithDrawnToken(LimitServer.Touch)),
            (Operations.Revoke, requests.Revoke(), requests.Revoke(LimitServer.Revoke)),
            (Operations.Logout, requests.WithDrawnToken(Requests.LogoutPath), requests.WithDrawnToken(LimitServer.BatchedLogout)),
        ];
        copies.FillUpTo(2 * pairs.Length);
        foreach (var (operation, ofService, ofLimit) in pairs)
            Compare(operation, EffectOf(bench.Service.Address, ofService, copies.Take()), EffectOf(bench.Limits.Address, ofLimit, copies.Take()));

        var (first, second) = (Guid.Parse(sessions.SessionIds[0]), Guid.Parse(sessions.SessionIds[1]));
        Compare(
            Operations.OneTimeToken,
            EffectOf(bench.Service.Address, requests.OneTimeToken()[0], first),
            EffectOf(bench.Limits.Address, requests.AuditOfLimit(LimitServer.BatchedAudit)[1], second));
    }

    private static void Compare(string operation, string expected, string found)
    {
        if (expected.Length == 0 || !string.Equals(expected, found, StringComparison.Ordinal))
            throw new BenchmarkException($"The limit of '{operation}' no longer writes what the service writes. Service: {expected}. Limit: {found}.");
    }

    private string EffectOf(IPEndPoint server, byte[] request, Guid id)
    {
        var text = Encoding.ASCII.GetString(request).Replace(DrawnRequests.Place, $"{id}", StringComparison.Ordinal);
        SingleCall.Body(server, Encoding.ASCII.GetBytes(text.Replace($"={NumberedRequests.Place}", $"={id:N}", StringComparison.Ordinal)));

        using var connection = new NpgsqlConnection(database.ConnectionString);
        connection.Open();
        using var trace = new NpgsqlCommand(Trace, connection);
        trace.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return (string)trace.ExecuteScalar()!;
    }
}
