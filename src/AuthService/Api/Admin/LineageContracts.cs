using AuthService.Api.Http.Errors;
using AuthService.Audit;
using AuthService.Sessions;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;

namespace AuthService.Api.Admin;

/// <summary>A session that exists, or one that ended within the last week. A member that only the other kind has is null.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="ExtendedFrom">The session that this one was extended from; null for a sign-in.</param>
/// <param name="State">NEW, ENABLED or SUSPENDED; DELETED for a session that has ended.</param>
/// <param name="Principal">The id of the principal that the session acts as.</param>
/// <param name="Actor">The id of the administrator who impersonates that principal in it; null when nobody does, or when the session has ended.</param>
/// <param name="ExtendedBy">The id of the service that created the session by extending a token; null for every other session.</param>
/// <param name="CreatedAt">When the session was created; null when it has ended.</param>
/// <param name="EndedAt">When the session ended; null when it exists.</param>
/// <param name="EndReason">Why the session ended, such as SIGNED_OUT or PASSWORD_CHANGED. The holder of its refresh token gets the same code.</param>
/// <param name="EndedBy">The id of the principal who ended the session; null after a sign-out in the session itself, or when it expired.</param>
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
    /// <summary>
    /// The tokens without a session that were made from this one within the last week, newest first. A response has at most 1,000 tokens in total.
    /// </summary>
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

/// <summary>A token that was made from a session and belongs to no session of its own.</summary>
/// <param name="Kind">ONE_TIME or EXTENDED.</param>
/// <param name="CreatedAt">When the token was made.</param>
/// <param name="Actor">The id of the principal who requested the token.</param>
/// <param name="Jti">The <c>jti</c> of a one-time token; null for an extended one.</param>
/// <param name="Scopes">The scopes of an extended token; null for a one-time token.</param>
internal sealed record LineageToken(string Kind, DateTimeOffset CreatedAt, string? Actor, string? Jti = null, IReadOnlyList<string>? Scopes = null)
{
    public static LineageToken Of(AuditEntry made) => made.Event is AuditEvents.OneTimeTokenIssued
        ? new("ONE_TIME", made.At, made.Actor, Jti: made.Detail)
        : new("EXTENDED", made.At, made.Actor, Scopes: made.Detail?.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
