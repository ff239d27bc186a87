using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Sessions;

/// <summary>Locks the principals that take part in a session or token that is being created, in the caller's transaction.</summary>
internal static class SessionParties
{
    /// <summary>
    /// Locks the owner of a new session against changes until the transaction ends. A change that revokes the owner's sessions must see this one; otherwise
    /// receivers that verify tokens offline would never learn of its revocation.
    /// </summary>
    /// <returns>False when the owner is no longer enabled or has another security stamp, so that earlier sign-ins do not count.</returns>
    public static Task<bool> TryHoldOwnerAsync(this Store store, Session session, RowLock rowLock) => store.TryHoldAsync(
        $"""
        principals WHERE number = {session.PrincipalNumber} AND security_stamp = {session.SecurityStamp} AND state = {(int)PrincipalState.Enabled}
        """,
        rowLock);

    /// <summary>
    /// Locks the owner and the services that extend a token against changes until the transaction ends. When such a service is disabled or deleted, what it
    /// extended is revoked, and that must include what is being created.
    /// </summary>
    public static async Task<bool> TryHoldPartiesAsync(this Store store, string[] those, Principal? owner)
    {
        string[] ids = [.. those.Distinct(StringComparer.Ordinal)];
        var unchanged = owner is null ? SqlText.Raw("TRUE") : $"(number <> {owner.Number} OR security_stamp = {owner.SecurityStamp})";
        var held = await store.HoldAsync<long>(
            $"""
            SELECT number AS "Value" FROM principals
            WHERE id {store.Among(ids)} AND state = {(int)PrincipalState.Enabled} AND {unchanged}
            ORDER BY number
            """,
            RowLock.AgainstChange);
        return held.Count == ids.Length;
    }

    /// <summary>
    /// Locks the administrator and the target against changes until the transaction ends. Removing the right to impersonate or changing the target revokes the
    /// impersonations, and that must include the one that is being started.
    /// </summary>
    public static async Task<bool> TryHoldBothAsync(this Store store, Session session, Principal target) => (await store.HoldAsync<long>(
        $"""
        SELECT number AS "Value" FROM principals
        WHERE (number = {session.PrincipalNumber} AND can_impersonate)
           OR (number = {target.Number} AND security_stamp = {target.SecurityStamp} AND state = {(int)PrincipalState.Enabled})
        ORDER BY number
        """,
        RowLock.AgainstChange)).Count == 2;
}
