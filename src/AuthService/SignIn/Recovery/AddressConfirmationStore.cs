using AuthService.Mail;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Recovery;

/// <summary>Stores the addresses that wait for confirmation.</summary>
internal sealed class AddressConfirmationStore(Store store)
{
    /// <summary>Stores a confirmation and voids an earlier one of the person. Runs inside the caller's transaction.</summary>
    public async Task ReplaceAsync(AddressConfirmation confirmation)
    {
        await VoidAsync(confirmation.PrincipalNumber);
        await store.InsertAsync(confirmation);
    }

    public Task VoidAsync(long person) => store.WriteAsync($"DELETE FROM address_confirmations WHERE principal_number = {person}");

    /// <summary>Voids a confirmation unless it was requested in this session.</summary>
    public Task VoidOthersAsync(long person, Guid session) => store.WriteAsync(
        $"DELETE FROM address_confirmations WHERE principal_number = {person} AND (session_id IS NULL OR session_id <> {session})");

    public Task VoidEveryonesAsync() => store.WriteAsync($"DELETE FROM address_confirmations");

    /// <returns>Null when the token is unknown, used, void or expired, or when the person's address has changed since the request.</returns>
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
    /// Uses up the token, inside the caller's transaction. Ended sessions are kept for much longer than a link is valid:
    /// without a row there, the session was not revoked.
    /// </summary>
    /// <returns>False when the token was used before, or when the session that requested the change was revoked.</returns>
    public async Task<bool> TryUseAsync(byte[] tokenHash) => await store.WriteAsync(
        $"""
        DELETE FROM address_confirmations WHERE token_hash = {tokenHash} AND NOT EXISTS (
            SELECT 1 FROM ended_sessions AS ended WHERE ended.id = address_confirmations.session_id
            AND ended.reason NOT IN ({(int)EndReason.SignedOut}, {(int)EndReason.Idle}, {(int)EndReason.Expired}, {(int)EndReason.Evicted}))
        """) == 1;
}
