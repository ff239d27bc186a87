using AuthService.Mail;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Recovery;

/// <summary>Keeps the addresses that wait to be confirmed.</summary>
internal sealed class AddressConfirmationStore(Store store)
{
    /// <summary>One at a time: an earlier one of the person is void. Inside the caller's transaction.</summary>
    public async Task ReplaceAsync(AddressConfirmation confirmation)
    {
        await VoidAsync(confirmation.PrincipalNumber);
        await store.InsertAsync(confirmation);
    }

    public Task VoidAsync(long person) => store.WriteAsync($"DELETE FROM address_confirmations WHERE principal_number = {person}");

    /// <returns>Null when the token is unknown, used up, void or expired, or when the person has another address than when they asked.</returns>
    public async Task<(AddressConfirmation Confirmation, Principal Person)?> FindAsync(byte[] tokenHash, DateTimeOffset now)
    {
        var found = await store.ReadAsync(db => db.Set<AddressConfirmation>().AsNoTracking()
            .Where(confirmation => confirmation.TokenHash == tokenHash && confirmation.ExpireAt > now)
            .Join(db.Set<Principal>(), confirmation => confirmation.PrincipalNumber, p => p.Number, (confirmation, p) => new { confirmation, p })
            .Where(found => found.p.SecurityStamp == found.confirmation.SecurityStamp && found.p.State == PrincipalState.Enabled)
            .FirstOrDefaultAsync());
        return found is not null && found.confirmation.Replaced == MailAddress.MailboxOf(found.p.Profile.Email) ? (found.confirmation, found.p) : null;
    }

    /// <summary>
    /// Inside the caller's transaction. What became of the session stands there for much longer than a link is good: where nothing does, it goes on, or has
    /// come to its end by itself.
    /// </summary>
    /// <returns>False when somebody else used it up before, or somebody has revoked the session in which it was asked for.</returns>
    public async Task<bool> TryUseAsync(byte[] tokenHash) => await store.WriteAsync(
        $"""
        DELETE FROM address_confirmations WHERE token_hash = {tokenHash} AND NOT EXISTS (
            SELECT 1 FROM ended_sessions AS ended WHERE ended.id = address_confirmations.session_id
            AND ended.reason NOT IN ({(int)EndReason.SignedOut}, {(int)EndReason.Idle}, {(int)EndReason.Expired}, {(int)EndReason.Evicted}))
        """) == 1;

    /// <summary>Deletes some that have expired.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<AddressConfirmation>(nameof(AddressConfirmation.ExpireAt), now, limit, cancellation);
}
