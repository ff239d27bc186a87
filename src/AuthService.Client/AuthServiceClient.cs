using System.Net;
using AuthService.Client.Calls;

namespace AuthService.Client;

/// <summary>
/// Calls AuthService as this service. Every method throws an <see cref="AuthServiceException"/> when AuthService refuses the call, an
/// <see cref="HttpRequestException"/> when it cannot be reached, and a <see cref="TaskCanceledException"/> when the call takes longer than
/// <see cref="AuthServiceClientOptions.Timeout"/>. 401 means that this service's own credential is not valid, 403 that the service may not do this.
/// </summary>
public sealed class AuthServiceClient
{
    /// <summary>The most refresh tokens that one call may carry (src/AuthService/README.md#auth-api).</summary>
    private const int MostTokensAtOnce = 10_000;

    private readonly ServiceCalls _calls;

    internal AuthServiceClient(HttpClient http)
    {
        _calls = new ServiceCalls(http);
        Sessions = new SessionsClient(_calls);
    }

    /// <summary>Opens, gets, enables, impersonates and revokes sessions.</summary>
    public SessionsClient Sessions { get; }

    /// <summary>Claims a one-time token. <see cref="AuthServiceSetup.AddAuthServiceBearer"/> does this by itself for requests.</summary>
    /// <param name="jti">The token's <c>jti</c>, 1 to 256 characters.</param>
    /// <param name="cancellationToken">Ends the wait. The claim may have been made.</param>
    /// <returns>False when it was claimed before, by any service. The token must not be used then.</returns>
    /// <exception cref="ArgumentException"><paramref name="jti"/> is null or empty.</exception>
    public async Task<bool> ClaimAsync(string jti, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jti);
        var claim = ServiceCalls.Json(new ClaimBody(jti), ClientJson.Default.ClaimBody);
        return await _calls.TryAsync(HttpMethod.Post, "auth/claim", claim, refusal: HttpStatusCode.Conflict, cancellationToken);
    }

    /// <summary>Narrows a caller's access token for this service's use. AuthService's setting <c>Extension:Policies</c> must allow it.</summary>
    /// <param name="accessToken">An access token that is not a one-time token. If it is not valid the call is refused with 401 <c>INVALID_TOKEN</c>.</param>
    /// <param name="scopes">At least one well-formed scope (400). The token and the policy must cover each (403 <c>SCOPE_NOT_ALLOWED</c>).</param>
    /// <param name="lifetime">The lifetime of the new token: 0 to 24 hours (400), in whole milliseconds.</param>
    /// <param name="allowRefreshes">Whether the new token gets its own session and refresh token.</param>
    /// <param name="cancellationToken">Ends the wait. The token may have been made.</param>
    /// <returns>The new token, which names this service as the one that extended it.</returns>
    /// <exception cref="ArgumentException">The token is null or empty.</exception>
    public Task<ExtendedToken> ExtendAsync(
        string accessToken, IEnumerable<string> scopes, TimeSpan lifetime, bool allowRefreshes = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessToken);
        var extension = new ExtensionBody(accessToken, [.. scopes], (long)lifetime.TotalMilliseconds, allowRefreshes);
        return _calls.ReadAsync(
            HttpMethod.Post, "auth/extend", ServiceCalls.Json(extension, ClientJson.Default.ExtensionBody), ClientJson.Default.ExtendedToken,
            cancellationToken);
    }

    /// <summary>Gets a one-time token for the holder of an access token, to pass it to another service.</summary>
    /// <param name="accessToken">The holder's token. The call is made with it and not with this service's own. If it is not valid the call is 401.</param>
    /// <param name="scopes">At least one well-formed scope (400). The token must cover each (403 <c>SCOPE_NOT_ALLOWED</c>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A token with the same session and chain, which is valid for half a minute.</returns>
    /// <exception cref="ArgumentException">The token is null or empty. It is never replaced by this service's own.</exception>
    public Task<OneTimeToken> RequestOneTimeTokenAsync(string accessToken, IEnumerable<string> scopes, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessToken);
        var audience = ServiceCalls.Json(new AudienceBody(string.Join(',', scopes)), ClientJson.Default.AudienceBody);
        return _calls.ReadAsBearerAsync(HttpMethod.Post, "auth/request", audience, accessToken, ClientJson.Default.OneTimeToken, cancellationToken);
    }

    /// <summary>Revokes the sessions of refresh tokens. Unknown tokens are ignored. More than 10,000 are sent in several calls, one after the other.</summary>
    /// <param name="refreshTokens">Any number of refresh tokens.</param>
    /// <param name="cancellationToken">Ends the calls. Some sessions may be revoked. A retry is safe, also after an error.</param>
    /// <returns>A task that ends when all sessions are revoked.</returns>
    public async Task InvalidateAsync(IEnumerable<string> refreshTokens, CancellationToken cancellationToken = default)
    {
        foreach (var batch in refreshTokens.Chunk(MostTokensAtOnce))
            await _calls.DoAsync(HttpMethod.Post, "auth/logout/bulk", Tokens(batch), cancellationToken);
    }

    /// <summary>
    /// Asks whether a token is active at this moment (RFC 7662). The answer knows what an offline check cannot know, such as the end of a session.
    /// </summary>
    /// <param name="token">An access, refresh or app token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What AuthService knows of the token. An unknown, expired or malformed token is not active.</returns>
    /// <exception cref="ArgumentException">The token is null or empty.</exception>
    public async Task<TokenIntrospection> IntrospectAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        var form = new FormUrlEncodedContent([new("token", token)]);
        var body = await _calls.ReadAsync(HttpMethod.Post, "oauth/introspect", form, ClientJson.Default.IntrospectionBody, cancellationToken);
        return body.ToIntrospection();
    }

    private static HttpContent Tokens(string[] refreshTokens) => ServiceCalls.Json(new InvalidationBody(refreshTokens), ClientJson.Default.InvalidationBody);
}
