using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Principals whose row is locked until the transaction is over.</summary>
internal static class HeldPrincipals
{
    /// <returns>As it is once it is locked; null when there is none.</returns>
    public static async Task<Principal?> FindHeldAsync(this Store store, long number)
    {
        await store.TryHoldAsync($"principals WHERE number = {number}", RowLock.Exclusive);
        return await store.ReadAsync(db => db.Set<Principal>().AsNoTracking().FirstOrDefaultAsync(p => p.Number == number));
    }
}
