namespace AuthService.Client;

/// <summary>
/// What is known of revocations at this moment; injected wherever <see cref="AuthServiceSetup.AddAuthServiceBearer"/> was called. Without
/// <see cref="AuthServiceBearerOptions.Revocation"/> nothing is ever known.
/// </summary>
public interface IRevocationStatus
{
    /// <summary>How long ago AuthService's last complete answer came; null before the first one.</summary>
    TimeSpan? Age { get; }

    /// <summary>Whether that is longer ago than <see cref="AuthServiceRevocationOptions.MaxStaleness"/>, or has not been at all.</summary>
    bool IsStale { get; }

    /// <summary>How many revocations are remembered.</summary>
    int Entries { get; }
}
