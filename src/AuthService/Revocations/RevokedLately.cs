using System.Collections.Concurrent;
using System.Diagnostics;

namespace AuthService.Revocations;

/// <summary>
/// The principals, API keys and single tokens that the feed read as revoked within the last minutes. A reader that has waited is looked up here, so that only
/// those who may be revoked are checked against the store. Callers with a session are not covered.
/// </summary>
internal sealed class RevokedLately
{
    /// <summary>Longer than a reader waits.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    /// <summary>A caller was checked against the store at most this long before its wait began.</summary>
    private static readonly TimeSpan CheckedBefore = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _readAt = new(StringComparer.Ordinal);

    /// <summary>Remembers a revocation, unless it is one of a session.</summary>
    public void Add(Revocation revocation)
    {
        if (NameOf(revocation) is { } name)
            _readAt[name] = Stopwatch.GetTimestamp();
    }

    /// <summary>Removes what was read longer ago than a reader waits.</summary>
    public void Forget()
    {
        foreach (var entry in _readAt)
        {
            if (Stopwatch.GetElapsedTime(entry.Value) > Kept)
                _readAt.TryRemove(entry);
        }
    }

    /// <summary>Returns whether something was revoked that may concern a caller without a session. The store decides whether it does.</summary>
    /// <param name="subject">The id of the principal.</param>
    /// <param name="apiKey">The API key of the caller, or the one for which its token was issued.</param>
    /// <param name="fingerprint">Computes the fingerprint of its access token; null for a caller with an API key.</param>
    /// <param name="since">When its wait began, as <see cref="Stopwatch.GetTimestamp"/>.</param>
    public bool MayConcern(string subject, Guid? apiKey, Func<byte[]>? fingerprint, long since) =>
        !_readAt.IsEmpty
        && (IsSince(subject, since) || (apiKey is { } key && IsSince($"{key}", since)) || (fingerprint is not null && IsSince(NameOf(fingerprint()), since)));

    private bool IsSince(string name, long since) => _readAt.TryGetValue(name, out var at) && Stopwatch.GetElapsedTime(since, at) > -CheckedBefore;

    private static string? NameOf(Revocation revocation) => revocation switch
    {
        { SessionId: not null } => null,
        { Subject: { } subject } => subject,
        { ApiKeyId: { } key } => $"{key}",
        { TokenHash: { } hash } => NameOf(hash),
        _ => null,
    };

    private static string NameOf(byte[] fingerprint) => Convert.ToHexString(fingerprint);
}
