using System.Net;
using System.Text;
using AuthService.Client.Calls;

namespace AuthService.Client;

/// <summary>
/// The Sessions API (src/AuthService/README.md#sessions-api). Refusals are <see cref="AuthServiceException"/>s whose
/// <see cref="AuthServiceException.Code"/> is named at each method; <c>NOT_FOUND</c> (404) is a session that is unknown,
/// expired or deleted, unless the method returns null or false for it.
/// </summary>
public sealed class SessionsClient
{
    private readonly ServiceCalls _calls;

    internal SessionsClient(ServiceCalls calls) => _calls = calls;

    /// <summary>Opens a session for a person.</summary>
    /// <param name="session">What it is opened with.</param>
    /// <param name="cancellationToken">Gives up waiting; the session may have been opened.</param>
    /// <returns>The session.</returns>
    /// <exception cref="AuthServiceException">404: no such person. 409 <c>USER_NOT_ENABLED</c>, <c>USER_AGREEMENT_REQUESTED</c>,
    /// <c>PASSWORD_RESET_REQUESTED</c>. 400 <c>INVALID_COOKIE_DOMAIN_NAME</c>.</exception>
    public Task<Session> OpenAsync(NewSession session, CancellationToken cancellationToken = default) => _calls.ReadAsync(
        HttpMethod.Post, "sessions", ServiceCalls.Json(session, ClientJson.Default.NewSession), ClientJson.Default.Session, cancellationToken);

    /// <summary>Looks at a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="keepAlive">Counts as use: moves the moment of its suspension. It does not revive a suspended one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when it is unknown, expired or deleted.</returns>
    public Task<Session?> FindAsync(Guid sessionId, bool keepAlive = false, CancellationToken cancellationToken = default) => _calls.FindAsync(
        keepAlive ? $"sessions/{sessionId}?keepAlive=true" : $"sessions/{sessionId}", ClientJson.Default.Session, cancellationToken);

    /// <summary>Ends a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have ended.</param>
    /// <returns>False when there was none.</returns>
    public Task<bool> EndAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.TryAsync(HttpMethod.Delete, $"sessions/{sessionId}", content: null, refusal: HttpStatusCode.NotFound, cancellationToken);

    /// <summary>Makes a new or suspended session <see cref="SessionState.Enabled"/>.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been enabled.</param>
    /// <returns>When it is enabled.</returns>
    public Task EnableAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.DoAsync(HttpMethod.Post, $"sessions/{sessionId}/enable", content: null, cancellationToken);

    /// <summary>Enables a session for a product, within the number of sessions that the user may use it in.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="product">For example <c>EQUISOFT_CONNECT</c>; unknown: 404.</param>
    /// <param name="disableOldest">Whether the oldest sessions lose the product when there are too many.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been enabled.</param>
    /// <returns>When it is enabled for the product.</returns>
    /// <exception cref="AuthServiceException">409 <c>CONCURRENT_ACCESS</c>: too many. 409 <c>SESSION_NOT_ENABLED</c>.</exception>
    public Task EnableForAsync(Guid sessionId, string product, bool disableOldest = false, CancellationToken cancellationToken = default) => _calls.DoAsync(
        HttpMethod.Post,
        $"sessions/{sessionId}/enable/{Uri.EscapeDataString(product)}",
        ServiceCalls.Json(new EnableProductBody(disableOldest), ClientJson.Default.EnableProductBody),
        cancellationToken);

    /// <summary>Lets an administrator's session that this service opened act as somebody else. What it got before is refused from then on.</summary>
    /// <param name="sessionId">The administrator's session.</param>
    /// <param name="userUuid">The <c>uuid</c> of the other.</param>
    /// <param name="reason">For the record, at most 1,000 characters.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <returns>The session, with <see cref="Session.Actor"/> the administrator and <see cref="Session.User"/> the other.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: another opened the session, its user has not the right, or the other is an
    /// administrator.
    /// 409 <c>SESSION_ALREADY_IMPERSONATED</c>, <c>SESSION_NOT_ENABLED</c>, <c>USER_NOT_ENABLED</c>.</exception>
    public Task<Session> ImpersonateAsync(
        Guid sessionId, Guid userUuid, string? reason = null, CancellationToken cancellationToken = default) => _calls.ReadAsync(
        HttpMethod.Post,
        $"sessions/{sessionId}/impersonate",
        ServiceCalls.Json(new ImpersonationBody(userUuid, reason), ClientJson.Default.ImpersonationBody),
        ClientJson.Default.Session,
        cancellationToken);

    /// <summary>Gives an impersonating session back to its administrator.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <returns>The session.</returns>
    /// <exception cref="AuthServiceException">409 <c>SESSION_NOT_IMPERSONATED</c>.</exception>
    public Task<Session> RevertIdentityAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(HttpMethod.Post, $"sessions/{sessionId}/revertIdentity", content: null, ClientJson.Default.Session, cancellationToken);

    /// <summary>Keeps a token of another system with a session, encrypted; one of the same id is replaced.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">This service's own name of the token, 1 to 250 characters.</param>
    /// <param name="value">At most 64 KiB in UTF-8 (413).</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been kept.</param>
    /// <returns>When it is kept.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session impersonates somebody.</exception>
    public Task PutTokenAsync(Guid sessionId, string tokenId, string value, CancellationToken cancellationToken = default) =>
        _calls.DoAsync(HttpMethod.Put, TokenPath(sessionId, tokenId), new StringContent(value, Encoding.UTF8, "text/plain"), cancellationToken);

    /// <summary>Gives back a token that was kept.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The name it was kept under.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The value; null when there is no such session or token.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session impersonates somebody.</exception>
    public async Task<string?> FindTokenAsync(Guid sessionId, string tokenId, CancellationToken cancellationToken = default) =>
        (await _calls.FindAsync(TokenPath(sessionId, tokenId), ClientJson.Default.StoredTokenBody, cancellationToken))?.Value;

    /// <summary>Forgets a token that was kept.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The name it was kept under.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been forgotten.</param>
    /// <returns>False when there is no such session or token.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session impersonates somebody.</exception>
    public Task<bool> ForgetTokenAsync(Guid sessionId, string tokenId, CancellationToken cancellationToken = default) =>
        _calls.TryAsync(HttpMethod.Delete, TokenPath(sessionId, tokenId), content: null, refusal: HttpStatusCode.NotFound, cancellationToken);

    private static string TokenPath(Guid sessionId, string tokenId) => $"sessions/{sessionId}/tokens/{Uri.EscapeDataString(tokenId)}";
}
