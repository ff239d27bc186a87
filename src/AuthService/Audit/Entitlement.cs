namespace AuthService.Audit;

/// <summary>The conditions that must still hold for a caller when their change is written, because a request may wait for seconds in between.</summary>
/// <param name="PrincipalNumber">The number of the principal, which must be enabled.</param>
/// <param name="SecurityStamp">The security stamp of the principal when it was authenticated.</param>
internal sealed record Entitlement(long PrincipalNumber, int SecurityStamp)
{
    /// <summary>The session, which must not be revoked; null for an API key and for an access token without a session.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The API key that was sent, or for which the access token was issued. It must be neither revoked nor expired; null when there is none.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The administrator who impersonates the principal in that session and must still do so; null without an impersonation.</summary>
    public Entitlement? Impersonator { get; init; }
}
