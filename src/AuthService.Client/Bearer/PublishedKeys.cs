using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Bearer;

/// <summary>
/// AuthService's public keys. They are fetched when a token needs one for the first time, again when they have become old, and when a
/// token names one that is not among them; one fetch at a time, and not sooner after the last than is allowed. While they cannot be fetched
/// the old ones are used for a day: whoever stole a key that was withdrawn must not stay believed by blocking the fetch.
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
    private (long Since, TimeSpan Pause)? _lastFetch;

    /// <returns>Null when the key is not published, as far as is known.</returns>
    /// <exception cref="UncheckedTokenException">No keys could be fetched yet, or not for a day.</exception>
    public async ValueTask<JsonWebKey?> FindAsync(string keyId)
    {
        var seen = FindCurrent();
        var known = seen?.Keys.GetValueOrDefault(keyId);
        if (known is not null && clock.GetElapsedTime(seen!.Since) < options.Value.KeysLifetime)
            return known;
        // Who finds a known key old fetches while the others go on with it; for an unknown one all wait for the same fetch.
        if (!await _lock.WaitAsync(known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
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
        return current.Keys.GetValueOrDefault(keyId);
    }

    public void Dispose() => _lock.Dispose();

    private KeySet? FindCurrent() => _current is { } current && clock.GetElapsedTime(current.Since) < LongestUse ? current : null;

    private bool MayFetch() => _lastFetch is not var (since, pause) || clock.GetElapsedTime(since) >= pause;

    private async Task FetchAsync()
    {
        var asked = clock.GetTimestamp();
        var pause = AfterFailure;
        try
        {
            using var client = http.CreateClient(HttpClientName);
            _current = new KeySet(Read(await client.GetStringAsync(options.Value.KeysAt)), asked);
            pause = options.Value.UnknownKeyInterval;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or ArgumentException or JsonException or InvalidDataException)
        {
            log.KeysNotFetched(options.Value.KeysAt, error);
        }

        // From its end: those who waited for a fetch that got no answer must not wait for one of their own after that.
        _lastFetch = (clock.GetTimestamp(), pause);
    }

    /// <summary>A shared secret is no public key, and a key without an algorithm of its own could be used with another one.</summary>
    /// <exception cref="InvalidDataException">There is none, so this is the answer of something else.</exception>
    private FrozenDictionary<string, JsonWebKey> Read(string document)
    {
        var keys = new JsonWebKeySet(document).Keys
            .Where(key => key is { Kid.Length: > 0, Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve or JsonWebAlgorithmsKeyTypes.RSA }
                && options.Value.Algorithms.Contains(key.Alg, StringComparer.Ordinal))
            .DistinctBy(key => key.Kid, StringComparer.Ordinal)
            .ToFrozenDictionary(key => key.Kid, StringComparer.Ordinal);
        return keys.Count > 0 ? keys : throw new InvalidDataException("The answer holds no public key");
    }

    private sealed record KeySet(FrozenDictionary<string, JsonWebKey> Keys, long Since);
}
