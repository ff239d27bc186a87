namespace AuthService.Sessions;

/// <summary>The request of an internal service to open a session for somebody.</summary>
internal sealed record SessionOpening(Guid UserUuid)
{
    /// <summary>Whether the session starts enabled; otherwise it is NEW and cannot be used until it is enabled.</summary>
    public bool Enable { get; init; } = true;

    public string? SsoProvider { get; init; }

    public string? SsoIdentifier { get; init; }

    public bool PublicComputer { get; init; }

    public bool MobileDevice { get; init; }

    public string? CookieDomain { get; init; }
}
