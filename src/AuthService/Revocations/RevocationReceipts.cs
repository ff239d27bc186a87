using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Revocations;

/// <summary>
/// Collects what the current call revokes, from the code that revokes it, once that is committed. The response contains it as a signed receipt.
/// It also stores the revocations of identities, so that none is stored without being noted.
/// </summary>
internal sealed class RevocationReceipts(
    Store store, RevocationReceiptWriter writer, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    private RevocationReceipt? _receipt;

    private TimeSpan TokenLifetime => options.CurrentValue.AccessTokenLifetime;

    /// <returns>The signed receipt; null when nothing was revoked, or while nothing can be signed.</returns>
    public string? TryWrite() => _receipt is { } receipt ? writer.TryWrite(receipt.ToJson(options.CurrentValue.Issuer, clock.GetUtcNow())) : null;

    /// <summary>Notes ended sessions, in the current transaction or in a committed one.</summary>
    /// <returns>The number of sessions.</returns>
    public int Note(RevokedSessions sessions)
    {
        if (sessions.Count is 0)
            return 0;
        var until = sessions.Tokens.Find(sessions.At, TokenLifetime);
        var entries = sessions.Ids.Select(id => CreateEntry(sessions.Place, until) with { SessionId = id });
        Add(new RevocationReceipt(sessions.At, until, sessions.Place, [.. entries]) { Sessions = sessions.Count });
        return sessions.Count;
    }

    /// <summary>Stores and notes the revocation of an identity without a session, inside the caller's transaction.</summary>
    public async Task RevokeAsync(IdentityRevocation revocation, DateTimeOffset at)
    {
        await store.InsertAsync(revocation);
        await NoteAsync(revocation, at);
    }

    /// <summary>
    /// Revokes the tokens that were issued for a session while it had its principal, inside the caller's transaction, which gives it another principal.
    /// </summary>
    /// <param name="session">The id of the session.</param>
    /// <param name="subject">The id of the principal that the session had.</param>
    /// <param name="expireAt">When the session expires.</param>
    /// <param name="at">The time of the revocation.</param>
    public async Task RevokeIdentityAsync(Guid session, string subject, DateTimeOffset expireAt, DateTimeOffset at) =>
        await NoteAsync(await InsertAsync(session, subject, at), at, expireAt);

    /// <summary>Notes the revocation of one access token, in the current transaction.</summary>
    public async Task NoteAsync(byte[] tokenFingerprint, DateTimeOffset at, DateTimeOffset expiresAt)
    {
        var place = await CommitOrder.FindWrittenAsync(store);
        Add(new RevocationReceipt(at, expiresAt, place, [CreateEntry(place, expiresAt) with { TokenHash = tokenFingerprint }]));
    }

    private async Task<IdentityRevocation> InsertAsync(Guid session, string subject, DateTimeOffset at)
    {
        var (before, forgetAt) = (at + IdentityRevocation.ClockDifference, at + RevocationReader.Kept);
        var until = await store.WriteAsync<long?>(
            $"""
            INSERT INTO identity_revocations (session_id, subject, revoked_at, tokens_until, forget_at)
            SELECT id, {subject}, {UnixMicroseconds.From(before)}, tokens_until, {UnixMicroseconds.From(forgetAt)}
            FROM sessions WHERE id = {session}
            RETURNING tokens_until AS "Value"
            """);
        return new IdentityRevocation
        {
            SessionId = session,
            Subject = subject,
            RevokedAt = before,
            TokensUntil = until is [{ } microseconds, ..] ? UnixMicroseconds.To(microseconds) : null,
            ForgetAt = forgetAt,
        };
    }

    /// <param name="revocation">The revocation as it was stored.</param>
    /// <param name="at">The time of the revocation.</param>
    /// <param name="notAfter">When the session expires, if there is one.</param>
    private async Task NoteAsync(IdentityRevocation revocation, DateTimeOffset at, DateTimeOffset? notAfter = null)
    {
        var usual = revocation.RevokedAt + TokenLifetime;
        var until = notAfter < usual ? notAfter.Value : usual;
        if (revocation.TokensUntil > until)
            until = revocation.TokensUntil.Value;
        var place = await CommitOrder.FindWrittenAsync(store);
        var entry = CreateEntry(place, until) with
        {
            SessionId = revocation.SessionId,
            Subject = revocation.ExtendedBy is null ? revocation.Subject : null,
            ExtendedBy = revocation.ExtendedBy,
            SecurityStamp = revocation.SecurityStamp,
            ApiKeyId = revocation.ApiKeyId,
            Before = UnixMicroseconds.Rounded(revocation.RevokedAt),
        };
        Add(new RevocationReceipt(at, until, place, [entry]));
    }

    private static Revocation CreateEntry(CommitPlace place, DateTimeOffset until) => new(place.Position, until + RevocationReader.Margin);

    private void Add(RevocationReceipt receipt) => store.AfterCommit(() => _receipt = _receipt is { } before ? before.With(receipt) : receipt);
}
