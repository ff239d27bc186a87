namespace AuthService.Audit;

/// <summary>What must still hold of a caller when their change is written. What a call waits for in between may take seconds.</summary>
/// <param name="PrincipalNumber">Who must be enabled.</param>
/// <param name="SecurityStamp">Theirs when they were authenticated.</param>
internal sealed record Entitlement(long PrincipalNumber, int SecurityStamp)
{
    /// <summary>Must not be revoked; null for an API key and for an access token without one.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The API key that was shown, or that the access token was issued for. It must neither be revoked nor have expired; null without one.</summary>
    public Guid? ApiKeyId { get; init; }

    /// <summary>The administrator who impersonates the principal in that session, and must still do so.</summary>
    public Entitlement? Impersonator { get; init; }
}
