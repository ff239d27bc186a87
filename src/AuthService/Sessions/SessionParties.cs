using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Sessions;

/// <summary>Holds the principals for whom something is made of or in a session, inside the caller's transaction.</summary>
internal static class SessionParties
{
    /// <summary>
    /// Keeps the owner of a new session from being changed until the transaction is over: whoever changes them revokes their sessions, and must see this one,
    /// or those who ask nobody would never hear that it is not good.
    /// </summary>
    /// <returns>False when earlier sign-ins of theirs do not count any more.</returns>
    public static Task<bool> TryHoldOwnerAsync(this Store store, Session session, RowLock rowLock) => store.TryHoldAsync(
        $"""
        principals WHERE number = {session.PrincipalNumber} AND security_stamp = {session.SecurityStamp} AND state = {(int)PrincipalState.Enabled}
        """,
        rowLock);

    /// <summary>The same with several: with those who narrow a token as well, who are given what is revoked when they are disabled or deleted.</summary>
    public static async Task<bool> TryHoldPartiesAsync(this Store store, string[] those, Principal? owner)
    {
        string[] ids = [.. those.Distinct(StringComparer.Ordinal)];
        var unchanged = owner is null ? SqlText.Raw("TRUE") : $"(number <> {owner.Number} OR security_stamp = {owner.SecurityStamp})";
        var held = await store.HoldAsync<long>(
            SqlText.Join($"""
            SELECT number AS "Value" FROM principals
            WHERE id {store.Among(ids)} AND state = {(int)PrincipalState.Enabled} AND {unchanged}
            ORDER BY number
            """),
            RowLock.AgainstChange);
        return held.Count == ids.Length;
    }

    /// <summary>
    /// Keeps the right from being taken away, and the other person from being changed, until the transaction is over: whoever does that revokes the
    /// impersonations, and must see the one that is being made.
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
