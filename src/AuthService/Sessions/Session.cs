using System.Text.Json;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions;

/// <summary>How a session is refreshed. Stored as a number; the order must not change.</summary>
internal enum SessionMode
{
    /// <summary>By the refresh cookie and a CSRF token only.</summary>
    Web = 0,

    /// <summary>By the refresh token as bearer only.</summary>
    Application = 1,
}

/// <summary>Stored as a number; the order must not change.</summary>
internal enum SessionState
{
    /// <summary>Made, and not to be used before it is enabled.</summary>
    New = 0,
    Enabled = 1,

    /// <summary>Unused for longer than its idle time-out; may be enabled again.</summary>
    Suspended = 2,
    Expired = 3,

    /// <summary>Revoked, or not valid any more by what happened to its principal or to the administrator who acts in it.</summary>
    Deleted = 4,
}

/// <summary>One sign-in of a principal, or one made for it by a service.</summary>
internal sealed record Session
{
    /// <summary>In characters of its text.</summary>
    private const int LongestChain = 2_000;

    /// <summary>A UUID v7: public, in the order of creation, and no secret.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The principal's stamp when the session was made; the session counts as long as the two are equal.</summary>
    public required int SecurityStamp { get; init; }

    /// <summary>The administrator who impersonates the principal; the session was theirs and will be again.</summary>
    public long? ActorNumber { get; init; }

    /// <summary>The administrator's stamp, as <see cref="SecurityStamp"/> is the principal's.</summary>
    public int? ActorStamp { get; init; }

    /// <summary>The id of the service that impersonates in the administrator's name; null when they do so themselves.</summary>
    public string? ActorService { get; init; }

    /// <summary>When it last became somebody else's, or its administrator's again; null when it never did.</summary>
    public DateTimeOffset? IdentitySince { get; init; }

    /// <summary>NEW or ENABLED; the other states are made of it, the moment and the principals by <see cref="SessionRules"/>.</summary>
    public SessionState State { get; init; } = SessionState.Enabled;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>From here on the session is suspended for idleness; moved by use.</summary>
    public required DateTimeOffset SuspendAt { get; init; }

    /// <summary>When it expires; nothing moves it.</summary>
    public required DateTimeOffset ExpireAt { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>When a person last proved in it who they are; null in sessions from before this was kept, and of others than persons.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary><see cref="Sessions.AuthenticationMethods"/>, all that were used in this session.</summary>
    public string[]? AuthenticationMethods { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>As a reverse proxy told it.</summary>
    public string? Location { get; init; }

    public bool PublicComputer { get; init; }

    /// <summary>A mobile session does not count against a product's limit.</summary>
    public bool MobileDevice { get; init; }

    public string? CookieDomain { get; init; }

    public string? SsoProvider { get; init; }

    public string? SsoIdentifier { get; init; }

    /// <summary>The provider's id of its own session, by which it ends this one.</summary>
    public string? SsoSessionId { get; init; }

    /// <summary>
    /// The id of the service or administrator who opened it for the principal; null for a sign-in, for a delegated session, and for
    /// one from before this was kept.
    /// </summary>
    public string? OpenedBy { get; init; }

    public byte[]? RefreshTokenHash { get; init; }

    public SessionMode Mode { get; init; }

    public required string[] Scopes { get; init; }

    /// <summary>How long its access tokens live; null: as the settings say at that moment.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>The end of the longest token that was made from one of its tokens, where that lives longer than those.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    /// <summary>The services that narrowed it, the first one first; null unless the session is delegated.</summary>
    public string[]? ExtendedByChain { get; init; }

    /// <summary>The session whose token was extended to make this one; it may be long gone.</summary>
    public Guid? ExtendedFrom { get; init; }

    /// <summary>
    /// The sessions that it came from, the sign-in first and <see cref="ExtendedFrom"/> last, whether they have ended or not; null unless it is delegated
    /// from one.
    /// </summary>
    public Guid[]? Ancestors { get; init; }

    /// <summary>The first of them, by which all that came of one sign-in is found.</summary>
    public Guid? RootId { get; init; }

    /// <summary>When a person last proved who they are; null in what a service made or opened for them, unless it was kept.</summary>
    public DateTimeOffset? ProvedAt => AuthenticatedAt ?? (IsDelegated || RefreshTokenHash is null ? null : CreatedAt);

    /// <summary>True for a session that a service made by extending somebody's token.</summary>
    public bool IsDelegated => ExtendedByChain is not null;

    /// <summary>An index holds the chain, in PostgreSQL up to 2,704 bytes.</summary>
    public static bool IsTooLong(string[] extendedByChain) => ToText(extendedByChain).Length > LongestChain;

    /// <summary>As it is stored: JSON, in ASCII.</summary>
    public static string ToText(string[] extendedByChain) => JsonSerializer.Serialize(extendedByChain, JsonSerializerOptions.Default);

    public static string[] ToChain(string text) => JsonSerializer.Deserialize<string[]>(text, JsonSerializerOptions.Default)!;
}

/// <summary>How the states of a session are written outside.</summary>
internal static class SessionWireNames
{
    public static string ToWire(this SessionState state) => state switch
    {
        SessionState.New => "NEW",
        SessionState.Enabled => "ENABLED",
        SessionState.Suspended => "SUSPENDED",
        SessionState.Expired => "EXPIRED",
        _ => "DELETED",
    };
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
