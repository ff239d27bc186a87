namespace AuthService.Client;

/// <summary>
/// The state of the knowledge of revocations. It can be injected after <see cref="AuthServiceSetup.AddAuthServiceBearer"/>. Without
/// <see cref="AuthServiceBearerOptions.Revocation"/> nothing is known.
/// </summary>
public interface IRevocationStatus
{
    /// <summary>The time since AuthService's last complete answer; null before the first one.</summary>
    TimeSpan? Age { get; }

    /// <summary>Whether the age is more than <see cref="AuthServiceRevocationOptions.MaxStaleness"/>, or there was no complete answer yet.</summary>
    bool IsStale { get; }

    /// <summary>The number of known revocations.</summary>
    int Entries { get; }
}
