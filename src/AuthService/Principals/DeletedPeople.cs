using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>
/// Deletes what other tables store about a deleted person. The row of the principal stays, so that nobody else gets the id. Most of these tables belong to the
/// sign-in, and the changes of principals may not use its code. Accounts at identity providers stay too: their owner must not come back as a new person.
/// </summary>
internal sealed class DeletedPeople(Store store)
{
    /// <summary>The tables with a <c>principal_number</c>, in the order in which second factors are written.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "totp_factors", "recovery_codes", "passkeys", "known_devices", "sign_in_challenges", "password_resets", "address_confirmations", "notice_links",
        "removed_identities",
    ];

    /// <summary>Deletes the rows of some people who were deleted by an earlier version, or who got a row at the moment of the deletion.</summary>
    public async Task<int> DeleteLeftoversAsync(DateTimeOffset _, int limit, CancellationToken cancellation)
    {
        var isLeft = Tables.Select(table => $"EXISTS (SELECT 1 FROM {table} AS kept WHERE kept.principal_number = p.number)");
        var numbers = await store.ReadAsync<long>(
            $"""
            SELECT p.number AS "Value" FROM principals AS p
            WHERE p.state = {(int)PrincipalState.Deleted} AND ({SqlText.Raw(string.Join(" OR ", isLeft))}) ORDER BY p.number LIMIT {limit}
            """);
        if (numbers.Count > 0)
            await store.DeleteBelongingsAsync([.. numbers], cancellation);
        return numbers.Count;
    }
}

internal static class BelongingsOfPeople
{
    public static async Task DeleteBelongingsAsync(this Store store, long[] numbers, CancellationToken cancellation = default)
    {
        foreach (var table in DeletedPeople.Tables)
            await store.WriteAsync($"DELETE FROM {SqlText.Raw(table)} WHERE principal_number {store.Among(numbers)}", cancellation);
    }
}
