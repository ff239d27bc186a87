using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn;

/// <summary>A valid token for setting a new password.</summary>
/// <param name="Person">The person as read.</param>
/// <param name="WasMailed">Whether the token was mailed to their address; otherwise a sign-in issued it.</param>
internal sealed record RequestedReset(Principal Person, bool WasMailed);

/// <summary>Stores the tokens for setting a new password, by their hash.</summary>
internal sealed class PasswordResetStore(Store store, TimeProvider clock)
{
    /// <summary>Issues a token to a person when the sign-in is refused because a new password is required.</summary>
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

    /// <summary>Stores a token that is mailed to a person. Runs inside the caller's transaction.</summary>
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
    /// The person that the token is for. Null when it is unknown, used, void or expired, when a new password is no longer required,
    /// or when it was mailed to an address that is no longer the person's.
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
}
