using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Client.Calls;

/// <summary>Gives the bearer for calls: the API key, or an access token that is renewed before it expires, by one call at a time.</summary>
internal sealed class ServiceCredential(IHttpClientFactory http, IOptions<AuthServiceClientOptions> options, TimeProvider clock) : IDisposable
{
    public const string HttpClientName = "AuthService.Refresh";

    /// <summary>The age below which a token is refused for another reason, for example because the token in the body is not valid.</summary>
    private static readonly TimeSpan SurelyValid = TimeSpan.FromSeconds(10);

    /// <summary>How long a renewal may take while the held token is still valid.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _lock = new(1, 1);
    private volatile HeldToken? _held;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ApiKey is { Length: > 0 } apiKey)
            return apiKey;
        var held = _held;
        if (held is not null && !IsDue(held))
            return held.Text;
        // One call renews the token. The others use the held one while it is valid, and wait for the new one after that.
        var isValid = held is not null && AgeOf(held) < held.Lifetime;
        if (!await _lock.WaitAsync(isValid ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellationToken))
            return held!.Text;
        try
        {
            var current = _held; // null if it was refused meanwhile
            if (current is null || ReferenceEquals(held, current))
                _held = current = await RefreshAsync(isValid ? Patience : Timeout.InfiniteTimeSpan, cancellationToken);
            return current.Text;
        }
        catch (Exception) when (isValid && !cancellationToken.IsCancellationRequested) // of any type: a handler of the service's own may throw what it likes
        {
            return held!.Text;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Drops a bearer that was refused.</summary>
    /// <returns>Whether a retry with another bearer makes sense.</returns>
    public bool TryForget(string refused)
    {
        var held = _held;
        if (held is null || held.Text != refused)
            return !string.IsNullOrEmpty(options.Value.RefreshToken); // another call has replaced it already
        if (AgeOf(held) < SurelyValid)
            return false;
        Interlocked.CompareExchange(ref _held, null, held);
        return true;
    }

    public void Dispose() => _lock.Dispose();

    private async Task<HeldToken> RefreshAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(patience);
        var since = clock.GetTimestamp();
        var answer = await new ServiceCalls(http.CreateClient(HttpClientName)).ReadAsBearerAsync(
            HttpMethod.Post, "auth/refresh", content: null, options.Value.RefreshToken!, ClientJson.Default.AccessTokenBody, limited.Token);
        return new HeldToken(answer.AccessToken, since, LifetimeOf(answer.AccessToken));
    }

    /// <exception cref="HttpRequestException">The text is not an access token.</exception>
    private static TimeSpan LifetimeOf(string accessToken)
    {
        try
        {
            var token = new JsonWebToken(accessToken);
            if (token.ValidTo > token.IssuedAt && token.IssuedAt > DateTime.MinValue)
                return token.ValidTo - token.IssuedAt;
        }
        catch (Exception error) // of several types, depending on what is malformed
        {
            throw ServiceCalls.AnsweredByAnother(error);
        }

        throw ServiceCalls.AnsweredByAnother();
    }

    private bool IsDue(HeldToken held)
    {
        var ahead = TimeSpan.FromTicks(Math.Min(options.Value.RenewAhead.Ticks, held.Lifetime.Ticks / 2));
        return AgeOf(held) >= held.Lifetime - ahead;
    }

    private TimeSpan AgeOf(HeldToken held) => clock.GetElapsedTime(held.Since);

    /// <summary>An access token. Its age is measured here, so that a difference between the clocks does no harm.</summary>
    private sealed record HeldToken(string Text, long Since, TimeSpan Lifetime);
}
