using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn;

/// <summary>A new password may be set.</summary>
/// <param name="Person">Whose it is, as they were read.</param>
/// <param name="WasMailed">Whether the token was mailed to their address; otherwise a sign-in gave it.</param>
internal sealed record RequestedReset(Principal Person, bool WasMailed);

/// <summary>Keeps the tokens for a new password under their hash.</summary>
internal sealed class PasswordResetStore(Store store, TimeProvider clock)
{
    /// <summary>Issues a token to a person whose sign-in is refused for the lack of a new password.</summary>
    public async Task<PasswordResetToken> IssueAsync(Principal person, TimeSpan lifetime, AuditActor by)
    {
        var (token, now) = (PasswordResetToken.New(), clock.GetUtcNow());
        var reset = new PasswordResetRecord
        {
            TokenHash = token.Hash(),
            PrincipalNumber = person.Number,
            SecurityStamp = person.SecurityStamp,
            ExpireAt = now + lifetime,
        };
        var entry = by.CreateEntry(AuditEvents.SignIn, now, person.Id, AuditOutcome.Refused, detail: "a new password is requested");
        await store.InTransactionAsync(() => store.InsertAsync(reset, entry));
        return token;
    }

    /// <summary>Keeps a token that is mailed to a person, inside the caller's transaction.</summary>
    public Task AddMailedAsync(PasswordResetToken token, Principal person, TimeSpan lifetime, AuditActor by)
    {
        var now = clock.GetUtcNow();
        var reset = new PasswordResetRecord
        {
            TokenHash = token.Hash(),
            PrincipalNumber = person.Number,
            SecurityStamp = person.SecurityStamp,
            Mailbox = MailAddress.MailboxOf(person.Profile.Email),
            ExpireAt = now + lifetime,
        };
        return store.InsertAsync(reset, by.CreateEntry(AuditEvents.PasswordResetMailed, now, person.Id));
    }

    /// <returns>
    /// Whose password the token sets; null when it is unknown, used up, void or expired, when no new password is requested any more, or when it was mailed
    /// to an address that is no longer the person's.
    /// </returns>
    public async Task<RequestedReset?> FindAsync(byte[] tokenHash)
    {
        var now = clock.GetUtcNow();
        var found = await store.ReadAsync(db => db.Set<PasswordResetRecord>().AsNoTracking()
            .Where(reset => reset.TokenHash == tokenHash && reset.ExpireAt > now)
            .Join(db.Set<Principal>(), reset => reset.PrincipalNumber, p => p.Number, (reset, p) => new { reset.SecurityStamp, reset.Mailbox, Person = p })
            .Where(found => found.Person.SecurityStamp == found.SecurityStamp && found.Person.State == PrincipalState.Enabled
                && (found.Mailbox != null || found.Person.PasswordResetRequested))
            .FirstOrDefaultAsync());
        return found is null || (found.Mailbox is { } mailbox && mailbox != MailAddress.MailboxOf(found.Person.Profile.Email))
            ? null
            : new RequestedReset(found.Person, WasMailed: found.Mailbox is not null);
    }

    /// <summary>Deletes some tokens that have expired.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<PasswordResetRecord>(nameof(PasswordResetRecord.ExpireAt), now, limit, cancellation);
}
