using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Bearer;

/// <summary>
/// AuthService's public keys. They are fetched when a token needs one for the first time, when they have become old, and when a token names an unknown
/// key. There is one fetch at a time, and a pause after it. While the keys cannot be fetched the old ones are used for a day, and not longer: a thief of a
/// withdrawn key could block the fetch.
/// </summary>
internal sealed class PublishedKeys(
    IHttpClientFactory http, IOptions<AuthServiceBearerOptions> options, TimeProvider clock, ILogger<PublishedKeys> log) : IDisposable
{
    public const string HttpClientName = "AuthService.Keys";

    public static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestUse = TimeSpan.FromDays(1);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _lock = new(1, 1);
    private volatile KeySet? _current;
    private volatile Fetch? _lastFetch;

    /// <summary>Finds a published key.</summary>
    /// <returns>Null when the key is not published.</returns>
    /// <exception cref="UncheckedTokenException">The keys could not be fetched yet, or not for a day; or the key is unknown and the last fetch has
    /// failed.</exception>
    public async ValueTask<JsonWebKey?> FindAsync(string keyId)
    {
        var seen = FindCurrent();
        var known = seen?.Keys.GetValueOrDefault(keyId);
        if (known is not null && AgeOf(seen!) < options.Value.KeysLifetime)
            return known;
        // One request fetches. Meanwhile the others use the known key, unless they have to wait for the same fetch.
        if (!await _lock.WaitAsync(known is null || MustWait(seen!) ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
            return known;
        try
        {
            if (ReferenceEquals(seen, FindCurrent()) && MayFetch())
                await FetchAsync();
        }
        finally
        {
            _lock.Release();
        }

        var current = FindCurrent() ?? throw new UncheckedTokenException("AuthService's keys could not be fetched yet, or not for a day");
        var found = current.Keys.GetValueOrDefault(keyId);
        return found is not null || _lastFetch is not { Failed: true }
            ? found
            : throw new UncheckedTokenException("The token's key is unknown, and AuthService's keys could not be fetched");
    }

    public void Dispose() => _lock.Dispose();

    private KeySet? FindCurrent() => _current is { } current && AgeOf(current) < LongestUse ? current : null;

    private TimeSpan AgeOf(KeySet keys) => keys.Since.Age(clock);

    private bool MayFetch() =>
        _lastFetch is not { } last || last.Ended.Age(clock) >= (last.Failed ? AfterFailure : options.Value.UnknownKeyInterval);

    /// <summary>
    /// Whether a token waits for a fetch although its key is known. After an idle time the keys are much older than their lifetime, and the key may be
    /// withdrawn. Right after a fetch that has failed no token waits, so that an outage does not slow down every request.
    /// </summary>
    private bool MustWait(KeySet keys) => AgeOf(keys) / 2 >= options.Value.KeysLifetime
        && !(_lastFetch is { Failed: true } last && last.Ended.Age(clock) < options.Value.UnknownKeyInterval);

    private async Task FetchAsync()
    {
        var (asked, failed) = (Moment.Now(clock), true);
        try
        {
            using var client = http.CreateClient(HttpClientName);
            _current = new KeySet(Read(await client.GetStringAsync(options.Value.KeysAt)), asked);
            failed = false;
        }
        catch (Exception error) // of any type: a handler of the service's own may throw what it likes
        {
            log.KeysNotFetched(options.Value.KeysAt, error);
        }

        // The pause begins when the fetch ends: requests that waited for a fetch without an answer must not each wait for another one.
        _lastFetch = new Fetch(Moment.Now(clock), failed);
    }

    /// <summary>Leaves out shared secrets, and keys without an algorithm, which could be used with any.</summary>
    /// <exception cref="InvalidDataException">The document holds no public key, so it is not AuthService's.</exception>
    private FrozenDictionary<string, JsonWebKey> Read(string document)
    {
        var keys = new JsonWebKeySet(document).Keys
            .Where(key => key is { Kid.Length: > 0, Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve or JsonWebAlgorithmsKeyTypes.RSA }
                && options.Value.AcceptedAlgorithms.Contains(key.Alg, StringComparer.Ordinal))
            .DistinctBy(key => key.Kid, StringComparer.Ordinal)
            .ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
        return keys.Count > 0 ? keys : throw new InvalidDataException("The answer holds no public key");
    }

    private sealed record KeySet(FrozenDictionary<string, JsonWebKey> Keys, Moment Since);

    private sealed record Fetch(Moment Ended, bool Failed);
}
