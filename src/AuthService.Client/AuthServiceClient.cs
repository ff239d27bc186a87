using System.Net;
using AuthService.Client.Calls;

namespace AuthService.Client;

/// <summary>
/// Calls AuthService as this service. Every method ends with an <see cref="AuthServiceException"/> when it is refused, with an
/// <see cref="HttpRequestException"/> when AuthService cannot be reached, and with a <see cref="TaskCanceledException"/> when it takes longer
/// than <see cref="AuthServiceClientOptions.Timeout"/>. 401 says that this service's own credential is not valid, 403 that it may not do this.
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

    /// <summary>Uses a one-time token up. <see cref="AuthServiceSetup.AddAuthServiceBearer"/> does this by itself for requests.</summary>
    /// <param name="jti">The token's <c>jti</c>, 1 to 256 characters.</param>
    /// <param name="cancellationToken">Gives up waiting; the claim may have been made.</param>
    /// <returns>False when it was claimed before, by anybody: then the token must not be acted on.</returns>
    /// <exception cref="ArgumentException"><paramref name="jti"/> is null or empty.</exception>
    public async Task<bool> ClaimAsync(string jti, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jti);
        var claim = ServiceCalls.Json(new ClaimBody(jti), ClientJson.Default.ClaimBody);
        return await _calls.TryAsync(HttpMethod.Post, "auth/claim", claim, refusal: HttpStatusCode.Conflict, cancellationToken);
    }

    /// <summary>Narrows somebody's access token for this service's use, which its policy at AuthService (<c>Extension:Policies</c>) must allow.</summary>
    /// <param name="accessToken">The token, no one-time token. One that is not valid is 401 with the code <c>INVALID_TOKEN</c>.</param>
    /// <param name="scopes">Each covered by the token and by the policy (403 <c>SCOPE_NOT_ALLOWED</c>), well formed and at least one (400).</param>
    /// <param name="lifetime">How long the new token lives, 0 to 24 hours (400), in whole milliseconds.</param>
    /// <param name="allowRefreshes">Gives the new token a session and a refresh token of its own.</param>
    /// <param name="cancellationToken">Gives up waiting; the token may have been made.</param>
    /// <returns>The new token, which names this service as the one who extended it.</returns>
    /// <exception cref="ArgumentException">There is no token: it is null or empty.</exception>
    public Task<ExtendedToken> ExtendAsync(
        string accessToken, IEnumerable<string> scopes, TimeSpan lifetime, bool allowRefreshes = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessToken);
        var extension = new ExtensionBody(accessToken, [.. scopes], (long)lifetime.TotalMilliseconds, allowRefreshes);
        return _calls.ReadAsync(
            HttpMethod.Post, "auth/extend", ServiceCalls.Json(extension, ClientJson.Default.ExtensionBody), ClientJson.Default.ExtendedToken,
            cancellationToken);
    }

    /// <summary>Asks for a one-time token on behalf of the bearer of an access token, to hand it to another service.</summary>
    /// <param name="accessToken">The bearer's token, which the call is made with in place of this service's own; not valid: 401.</param>
    /// <param name="scopes">Each covered by that token (403 <c>SCOPE_NOT_ALLOWED</c>), well formed and at least one (400).</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A token with the same session and chain, which lives half a minute.</returns>
    /// <exception cref="ArgumentException">There is no token: it is null or empty. It is never replaced by this service's own.</exception>
    public Task<OneTimeToken> RequestOneTimeTokenAsync(string accessToken, IEnumerable<string> scopes, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(accessToken);
        var audience = ServiceCalls.Json(new AudienceBody(string.Join(',', scopes)), ClientJson.Default.AudienceBody);
        return _calls.ReadAsBearerAsync(HttpMethod.Post, "auth/request", audience, accessToken, ClientJson.Default.OneTimeToken, cancellationToken);
    }

    /// <summary>Ends the sessions of refresh tokens; unknown ones are passed over. More than 10,000 are sent in several calls, one after the other.</summary>
    /// <param name="refreshTokens">Any number.</param>
    /// <param name="cancellationToken">Gives up; some of the sessions may have ended. To do it again is safe, also after an error.</param>
    /// <returns>When all of them have ended.</returns>
    public async Task InvalidateAsync(IEnumerable<string> refreshTokens, CancellationToken cancellationToken = default)
    {
        foreach (var batch in refreshTokens.Chunk(MostTokensAtOnce))
            await _calls.DoAsync(HttpMethod.Post, "auth/logout/bulk", Tokens(batch), cancellationToken);
    }

    /// <summary>
    /// Asks whether a token is good for anything at this moment (RFC 7662): what an offline check cannot know, such as a
    /// session that was ended.
    /// </summary>
    /// <param name="token">An access, refresh or app token.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What AuthService knows of it; not active when it is unknown, ended or none at all.</returns>
    /// <exception cref="ArgumentException">There is no token: it is null or empty.</exception>
    public async Task<TokenIntrospection> IntrospectAsync(string token, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        var form = new FormUrlEncodedContent([new("token", token)]);
        var body = await _calls.ReadAsync(HttpMethod.Post, "oauth/introspect", form, ClientJson.Default.IntrospectionBody, cancellationToken);
        return body.ToIntrospection();
    }

    private static HttpContent Tokens(string[] refreshTokens) => ServiceCalls.Json(new InvalidationBody(refreshTokens), ClientJson.Default.InvalidationBody);
}
