using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Revocations;

/// <summary>
/// Access tokens that were revoked while what they belong to goes on: those of an identity that a session had, those of a principal or an API key that
/// have no session, those that a principal narrowed. What ends whole sessions, and tokens by themselves, has rows of its own.
/// </summary>
internal sealed class IdentityRevocation : ICommitOrdered
{
    /// <summary>By how much the clocks of instances may differ: a token may have been issued by one that is ahead.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>Given by the store.</summary>
    public long Number { get; init; }

    public long? Position { get; init; }

    /// <summary>Only tokens of this session; without one, only tokens that have none.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Only tokens of this principal; null for those of an API key.</summary>
    public string? Subject { get; init; }

    /// <summary>Only tokens with a lower stamp of the principal.</summary>
    public int? SecurityStamp { get; init; }

    public Guid? ApiKeyId { get; init; }

    /// <summary>Only tokens that this principal narrowed, whosever they are.</summary>
    public string? ExtendedBy { get; init; }

    /// <summary>
    /// Only tokens from before: when it happened, and where nothing but their time tells tokens apart, <see cref="ClockDifference"/> later.
    /// </summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>The end of the longest of them, where that lives longer than usual.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }

    /// <summary>What a principal was issued without a session.</summary>
    /// <param name="subject">The principal's id.</param>
    /// <param name="stamp">Theirs from now on.</param>
    /// <param name="at">Now.</param>
    public static IdentityRevocation OfPrincipal(string subject, int stamp, DateTimeOffset at) =>
        new() { Subject = subject, SecurityStamp = stamp, RevokedAt = at, ForgetAt = at + RevocationReader.Kept };

    /// <summary>
    /// What a principal narrowed for itself. An instance of a version before reads it as what the principal was issued without a session, which is revoked
    /// then as well.
    /// </summary>
    /// <param name="id">The principal's.</param>
    /// <param name="mayHave">Whether it could narrow tokens until now: what is enabled again has narrowed none since it was disabled.</param>
    /// <param name="at">Now.</param>
    public static IdentityRevocation OfExtender(string id, bool mayHave, DateTimeOffset at) => new()
    {
        ExtendedBy = id,
        Subject = id,
        RevokedAt = mayHave ? at + ClockDifference : at,
        TokensUntil = at + RevocationReader.LongestDerived,
        ForgetAt = at + RevocationReader.Kept,
    };

    /// <summary>What was issued for an API key.</summary>
    public static IdentityRevocation OfApiKey(Guid key, DateTimeOffset at) => new() { ApiKeyId = key, RevokedAt = at, ForgetAt = at + RevocationReader.Kept };
}

/// <summary>Keeps what was revoked so.</summary>
internal sealed class IdentityRevocationStore(Store store)
{
    /// <summary>Deletes some that matter to no token any more.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<IdentityRevocation>(nameof(IdentityRevocation.ForgetAt), now, limit, cancellation);
}

internal static class SessionIdentities
{
    /// <summary>Revokes what was issued for a session while it had this principal. In the transaction that gives it another one.</summary>
    public static async Task<IdentityRevocation> RevokeIdentityWithinAsync(this Store store, Guid session, string subject, DateTimeOffset at)
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
}

internal sealed class IdentityRevocationTable : IEntityTypeConfiguration<IdentityRevocation>
{
    public const string Name = "identity_revocations";

    public void Configure(EntityTypeBuilder<IdentityRevocation> table)
    {
        table.ToTable(Name);
        table.HasKey(revocation => revocation.Number);
        table.Property(revocation => revocation.Number).ValueGeneratedOnAdd();
        table.HasIndex(revocation => revocation.ForgetAt);
        table.HasIndex(revocation => revocation.Position).HasFilter("position IS NOT NULL");
    }
}
