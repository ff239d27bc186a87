using AuthService.Api.Http.Errors;
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
    public static IReadOnlyList<LineageItem> ListOf(Lineage lineage, DateTimeOffset now) =>
        [.. lineage.Sessions.Select(owned => Of(owned, now)).Concat(lineage.Ended.Select(Of)).OrderBy(item => item.Id)];

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
