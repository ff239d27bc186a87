using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Gets principals and locks their rows until the transaction ends.</summary>
internal static class HeldPrincipals
{
    /// <returns>The principal as it is after it was locked; null when there is none.</returns>
    public static async Task<Principal?> FindHeldAsync(this Store store, long number)
    {
        await store.TryHoldAsync($"principals WHERE number = {number}", RowLock.Exclusive);
        return await store.ReadAsync(db => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.Number == number));
    }
}
