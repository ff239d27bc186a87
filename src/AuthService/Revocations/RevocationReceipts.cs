using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Revocations;

/// <summary>
/// What the call that is being served revokes, said by whoever revokes it and kept once it is committed. The answer carries it as a signed receipt.
/// </summary>
internal sealed class RevocationReceipts(
    Store store, RevocationReceiptWriter writer, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
{
    private RevocationReceipt? _receipt;

    private TimeSpan TokenLifetime => options.CurrentValue.AccessTokenLifetime;

    /// <returns>Null when nothing was revoked, and while nothing can be signed.</returns>
    public string? TryWrite() => _receipt is { } receipt ? writer.TryWrite(receipt.ToJson(options.CurrentValue.Issuer, clock.GetUtcNow())) : null;

    /// <summary>Sessions ended, in the transaction that is running or in one that is committed.</summary>
    /// <returns>How many.</returns>
    public int Note(RevokedSessions sessions)
    {
        if (sessions.Count is 0)
            return 0;
        var until = sessions.Tokens.Find(sessions.At, TokenLifetime);
        var entries = sessions.Ids.Select(id => CreateEntry(sessions.Place, until) with { SessionId = id });
        Add(new RevocationReceipt(sessions.At, until, sessions.Place, [.. entries]) { Sessions = sessions.Count });
        return sessions.Count;
    }

    /// <summary>An identity was revoked, in the transaction that is running.</summary>
    /// <param name="revocation">As it was stored.</param>
    /// <param name="at">When.</param>
    /// <param name="notAfter">When its session ends.</param>
    public async Task NoteAsync(IdentityRevocation revocation, DateTimeOffset at, DateTimeOffset? notAfter = null)
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

    /// <summary>One access token was revoked, in the transaction that is running.</summary>
    public async Task NoteAsync(byte[] tokenFingerprint, DateTimeOffset at, DateTimeOffset expiresAt)
    {
        var place = await CommitOrder.FindWrittenAsync(store);
        Add(new RevocationReceipt(at, expiresAt, place, [CreateEntry(place, expiresAt) with { TokenHash = tokenFingerprint }]));
    }

    private static Revocation CreateEntry(CommitPlace place, DateTimeOffset until) => new(place.Position, until + RevocationReader.Margin);

    private void Add(RevocationReceipt receipt) => store.AfterCommit(() => _receipt = _receipt is { } before ? before.With(receipt) : receipt);
}
