namespace AuthService.Sessions;

/// <summary>By which door a session is refreshed. Stored as a number; the order must not change.</summary>
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

    /// <summary>Ended by a revocation, or by what happened to its principal or to the administrator who acts in it.</summary>
    Deleted = 4,
}

/// <summary>One sign-in of a principal, or one made for it by a service.</summary>
internal sealed record Session
{
    /// <summary>A UUID v7: public, in the order of creation, and no secret.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The principal's stamp when the session was made; the session counts as long as the two are equal.</summary>
    public required int SecurityStamp { get; init; }

    /// <summary>The administrator who impersonates the principal; the session was theirs and will be again.</summary>
    public long? ActorNumber { get; init; }

    /// <summary>The administrator's stamp, as <see cref="SecurityStamp"/> is the principal's.</summary>
    public int? ActorStamp { get; init; }

    /// <summary>NEW or ENABLED; the other states are made of it, the moment and the principals by <see cref="SessionRules"/>.</summary>
    public SessionState State { get; init; } = SessionState.Enabled;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>From here on the session is suspended for idleness; moved by use.</summary>
    public required DateTimeOffset SuspendAt { get; init; }

    /// <summary>The absolute end; nothing moves it.</summary>
    public required DateTimeOffset ExpireAt { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

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

    public byte[]? RefreshTokenHash { get; init; }

    public SessionMode Mode { get; init; }

    public required string[] Scopes { get; init; }

    /// <summary>How long its access tokens live; null: as the settings say at that moment.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>The services that narrowed it, the first one first; null unless the session is delegated.</summary>
    public string[]? ExtendedByChain { get; init; }

    /// <summary>The session whose token was extended to make this one; it may be long gone.</summary>
    public Guid? ExtendedFrom { get; init; }

    /// <summary>True for a session that a service made by extending somebody's token.</summary>
    public bool IsDelegated => ExtendedByChain is not null;
}
