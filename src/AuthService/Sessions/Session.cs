using System.Text.Json;
using AuthService.Principals;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions;

/// <summary>One sign-in of a principal, or one made for it by a service.</summary>
internal sealed record Session
{
    /// <summary>The limit in characters of the stored text. An index contains the chain, and PostgreSQL allows 2,704 bytes.</summary>
    private const int LongestChain = 2_000;

    /// <summary>A UUID v7: it is public, sorts by creation time, and is not a secret.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The principal's security stamp when the session was created. The session is valid only while the two are equal.</summary>
    public required int SecurityStamp { get; init; }

    /// <summary>The administrator who impersonates the principal. Before and after the impersonation the session is the administrator's.</summary>
    public long? ActorNumber { get; init; }

    /// <summary>The administrator's security stamp, which is compared like <see cref="SecurityStamp"/>.</summary>
    public int? ActorStamp { get; init; }

    /// <summary>The id of the service that impersonates on the administrator's behalf; null when the administrator does it directly.</summary>
    public string? ActorService { get; init; }

    /// <summary>When an impersonation last began or ended in the session; null when there was none.</summary>
    public DateTimeOffset? IdentitySince { get; init; }

    /// <summary>NEW or ENABLED. <see cref="SessionRules"/> computes the other states from this, the current time and the principals.</summary>
    public SessionState State { get; init; } = SessionState.Enabled;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When the session is suspended because it was idle; each use moves it.</summary>
    public required DateTimeOffset SuspendAt { get; init; }

    /// <summary>When the session expires; use does not move it.</summary>
    public required DateTimeOffset ExpireAt { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>
    /// When a person last proved in this session who they are; null in sessions from before this was stored, and in those of other principals.
    /// </summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>All methods that were used in this session (<see cref="Sessions.AuthenticationMethods"/>).</summary>
    public string[]? AuthenticationMethods { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The location as a reverse proxy reported it.</summary>
    public string? Location { get; init; }

    public bool PublicComputer { get; init; }

    /// <summary>A mobile session does not count against a product's limit.</summary>
    public bool MobileDevice { get; init; }

    public string? CookieDomain { get; init; }

    public string? SsoProvider { get; init; }

    public string? SsoIdentifier { get; init; }

    /// <summary>The provider's id of its own session, with which it can sign this one out.</summary>
    public string? SsoSessionId { get; init; }

    /// <summary>
    /// The id of the service or administrator who opened it for the principal; null for a sign-in, for a delegated session, and for a session from before this
    /// was stored.
    /// </summary>
    public string? OpenedBy { get; init; }

    public byte[]? RefreshTokenHash { get; init; }

    public SessionMode Mode { get; init; }

    public required string[] Scopes { get; init; }

    /// <summary>The lifetime of its access tokens; null when the current settings decide.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>When the last token expires that was made from one of the session's tokens; null unless it outlives the session's own tokens.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    /// <summary>The ids of the services that extended it, the first one first; null unless the session is delegated.</summary>
    public string[]? ExtendedByChain { get; init; }

    /// <summary>The session that owned the token from which this one was made; it may have ended.</summary>
    public Guid? ExtendedFrom { get; init; }

    /// <summary>
    /// The sessions that it came from: the sign-in first, <see cref="ExtendedFrom"/> last, ended ones included. Null unless the session is delegated from
    /// another one.
    /// </summary>
    public Guid[]? Ancestors { get; init; }

    /// <summary>The first of <see cref="Ancestors"/>. It finds everything that came from one sign-in.</summary>
    public Guid? RootId { get; init; }

    /// <summary>When the person last proved who they are; null when a service created or opened the session and the time was not stored.</summary>
    public DateTimeOffset? ProvedAt => AuthenticatedAt ?? (IsDelegated || RefreshTokenHash is null ? null : CreatedAt);

    /// <summary>Whether a service created the session by extending somebody's token.</summary>
    public bool IsDelegated => ExtendedByChain is not null;

    public static bool IsTooLong(string[] extendedByChain) => ToText(extendedByChain).Length > LongestChain;

    /// <summary>Formats the chain as it is stored: JSON, in ASCII.</summary>
    public static string ToText(string[] extendedByChain) => JsonSerializer.Serialize(extendedByChain, JsonSerializerOptions.Default);

    public static string[] ToChain(string text) => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Default)!;
}

internal sealed class SessionTable : IEntityTypeConfiguration<Session>
{
    public const string Name = "sessions";

    public void Configure(EntityTypeBuilder<Session> table)
    {
        table.ToTable(Name);
        table.HasKey(s => s.Id);
        table.Property(s => s.Id).ValueGeneratedNever();
        table.HasOne<Principal>().WithMany().HasForeignKey(s => s.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
        table.HasOne<Principal>().WithMany().HasForeignKey(s => s.ActorNumber).OnDelete(DeleteBehavior.Cascade);
        table.Ignore(s => s.ProvedAt);
        table.HasIndex(s => s.ActorNumber).HasFilter("actor_number IS NOT NULL");
        table.HasIndex(s => s.RefreshTokenHash).IsUnique();
        table.HasIndex(s => new { s.PrincipalNumber, s.CreatedAt, s.Id });
        table.HasIndex(s => s.ExpireAt);
        table.HasIndex(s => s.SsoSessionId).HasFilter("sso_session_id IS NOT NULL");
        table.HasIndex(s => s.SsoIdentifier).HasFilter("sso_identifier IS NOT NULL");
        table.HasIndex(s => s.RootId).HasFilter("root_id IS NOT NULL");
        table.HasIndex(s => s.ExtendedByChain).HasFilter("extended_by_chain IS NOT NULL");
        table.Property(s => s.Ancestors).HasConversion(
            ids => string.Join(' ', ids!), text => text.Split(' ', StringSplitOptions.None).Select(Guid.Parse).ToArray(), new ReferenceComparer<Guid[]?>());
        table.Property(s => s.Scopes).HasConversion(
            scopes => string.Join(' ', scopes), text => text.Split(' ', StringSplitOptions.None), new ReferenceComparer<string[]>());
        table.Property(s => s.AuthenticationMethods).HasConversion(
            methods => string.Join(' ', methods!), text => text.Split(' ', StringSplitOptions.None), new ReferenceComparer<string[]?>());
        table.Property(s => s.ExtendedByChain).HasConversion(
            chain => Session.ToText(chain!), text => Session.ToChain(text), new ReferenceComparer<string[]?>());
    }
}
