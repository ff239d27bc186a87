using AuthService.Api.Http.Errors;
using AuthService.Audit;
using AuthService.Sessions;

namespace AuthService.Api.Admin;

/// <summary>A session that is there, or one that ended within a week. What only the one or the other has is null.</summary>
/// <param name="Id">Of the session.</param>
/// <param name="ExtendedFrom">The session that it was made from; null for a sign-in.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED; DELETED of one that has ended.</param>
/// <param name="Principal">Whom it acts as.</param>
/// <param name="Actor">The administrator who impersonates that principal in it.</param>
/// <param name="ExtendedBy">The service that made it by extending somebody's token.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="EndReason">SIGNED_OUT, PASSWORD_CHANGED, …: what the holder of its refresh token is told.</param>
/// <param name="EndedBy">The id of whoever ended it; null when it was its own sign-out, or time.</param>
internal sealed record LineageItem(
    Guid Id,
    Guid? ExtendedFrom,
    string State,
    string Principal,
    string? Actor = null,
    string? ExtendedBy = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? EndedAt = null,
    string? EndReason = null,
    string? EndedBy = null)
{
    /// <summary>Made from it within a week, without a session of their own, the newest first; at most 1,000 in the whole answer.</summary>
    public IReadOnlyList<LineageToken> Tokens { get; init; } = [];

    public static IReadOnlyList<LineageItem> ListOf(Lineage lineage, DateTimeOffset now)
    {
        var tokens = lineage.Tokens.ToLookup(made => made.SessionId!.Value, LineageToken.Of);
        return
        [
            .. lineage.Sessions.Select(owned => Of(owned, now)).Concat(lineage.Ended.Select(Of))
                .Select(item => item with { Tokens = [.. tokens[item.Id]] })
                .OrderBy(item => item.Id),
        ];
    }

    private static LineageItem Of(SessionWithPrincipals owned, DateTimeOffset now) => new(
        owned.Session.Id,
        owned.Session.ExtendedFrom,
        SessionRules.StateOf(owned, now).ToWire(),
        owned.Principal.Id,
        owned.Actor?.Id,
        owned.Session.ExtendedByChain?[^1],
        owned.Session.CreatedAt);

    private static LineageItem Of(EndedWithPrincipal ended) => new(
        ended.Session.Id,
        ended.Session.ExtendedFrom,
        SessionState.Deleted.ToWire(),
        ended.Principal,
        EndedAt: ended.Session.EndedAt,
        EndReason: ended.Session.Reason.ToCode(),
        EndedBy: ended.Session.EndedBy);
}

/// <summary>A token that was made from a session and has none of its own.</summary>
/// <param name="Kind">ONE_TIME or EXTENDED.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Actor">The id of whoever asked for it.</param>
/// <param name="Jti">Of a one-time token.</param>
/// <param name="Scopes">Of an extended one.</param>
internal sealed record LineageToken(string Kind, DateTimeOffset CreatedAt, string? Actor, string? Jti = null, IReadOnlyList<string>? Scopes = null)
{
    public static LineageToken Of(AuditEntry made) => made.Event is AuditEvents.OneTimeTokenIssued
        ? new("ONE_TIME", made.At, made.Actor, Jti: made.Detail)
        : new("EXTENDED", made.At, made.Actor, Scopes: made.Detail?.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
