using System.Runtime.CompilerServices;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Rules;

/// <summary>Applies <see cref="SessionRules"/> to many sessions in SQL, for every list and count. A test gives the same sessions to both.</summary>
internal static class SessionQueries
{
    /// <summary>
    /// SQL for <see cref="SessionRules.IsValid"/>: neither expired nor deleted. It adds the id of the administrator who impersonates in the session.
    /// </summary>
    /// <param name="now">A placeholder or column with the current time in <see cref="UnixMicroseconds"/>.</param>
    /// <param name="columns">The columns to select of the session <c>s</c>.</param>
    public static string ValidSql(string now, string columns = "s.*") =>
        $"""
        SELECT {columns}, a.id AS actor
        FROM sessions AS s
        JOIN principals AS p ON p.number = s.principal_number AND p.state = {(int)PrincipalState.Enabled} AND p.security_stamp = s.security_stamp
        LEFT JOIN principals AS a ON a.number = s.actor_number
        WHERE s.expire_at > {now}
        AND (s.actor_number IS NULL
             OR (a.state = {(int)PrincipalState.Enabled} AND a.security_stamp = s.actor_stamp AND a.role = {(int)Role.Admin} AND a.can_impersonate))
        """;

    /// <summary>SQL for <see cref="SessionRules.IsActive"/>.</summary>
    public static string ActiveSql(string now, string columns = "s.*") =>
        $"{ValidSql(now, columns)} AND s.state = {(int)SessionState.Enabled} AND s.suspend_at > {now}";

    public static IQueryable<Session> ValidSessions(this AuthDbContext db, DateTimeOffset now) => Query(db, ValidSql("{0}"), now);

    public static IQueryable<Session> ActiveSessions(this AuthDbContext db, DateTimeOffset now) => Query(db, ActiveSql("{0}"), now);

    private static IQueryable<Session> Query(AuthDbContext db, string sql, DateTimeOffset now) =>
        db.FromSql<Session>(FormattableStringFactory.Create(sql, UnixMicroseconds.From(now))).AsNoTracking();
}
