using System.Net;
using System.Text;
using AuthService.Client.Calls;

namespace AuthService.Client;

/// <summary>
/// Calls the Sessions API (src/AuthService/README.md#sessions-api). A refusal is an <see cref="AuthServiceException"/>. Each method lists its values of
/// <see cref="AuthServiceException.Code"/>. <c>NOT_FOUND</c> (404) means that the session is unknown, expired or deleted; some methods return null or false
/// for it.
/// </summary>
public sealed class SessionsClient
{
    private readonly ServiceCalls _calls;

    internal SessionsClient(ServiceCalls calls) => _calls = calls;

    /// <summary>Opens a session for a person. A 503 is not retried: the session may have been opened.</summary>
    /// <param name="session">The settings of the session.</param>
    /// <param name="cancellationToken">Ends the wait. The session may have been opened.</param>
    /// <returns>The session.</returns>
    /// <exception cref="AuthServiceException">404: no such person. 409 <c>USER_NOT_ENABLED</c>, <c>USER_AGREEMENT_REQUESTED</c>,
    /// <c>PASSWORD_RESET_REQUESTED</c>. 400 <c>INVALID_COOKIE_DOMAIN_NAME</c>.</exception>
    public Task<Session> OpenAsync(NewSession session, CancellationToken cancellationToken = default) => _calls.ReadOnceAsync(
        "sessions", ServiceCalls.Json(session, ClientJson.Default.NewSession), ClientJson.Default.Session, cancellationToken);

    /// <summary>Gets a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="keepAlive">Whether the call counts as use and postpones the suspension. It does not enable a suspended session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the session is unknown, expired or deleted.</returns>
    public Task<Session?> FindAsync(Guid sessionId, bool keepAlive = false, CancellationToken cancellationToken = default) => _calls.FindAsync(
        keepAlive ? $"sessions/{sessionId}?keepAlive=true" : $"sessions/{sessionId}", ClientJson.Default.Session, cancellationToken);

    /// <summary>Revokes a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Ends the wait. The session may have been revoked.</param>
    /// <returns>False when there is no such session.</returns>
    public Task<bool> RevokeAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.TryAsync(HttpMethod.Delete, $"sessions/{sessionId}", content: null, refusal: HttpStatusCode.NotFound, cancellationToken);

    /// <summary>Makes a new or suspended session <see cref="SessionState.Enabled"/>.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Ends the wait. The session may have been enabled.</param>
    /// <returns>A task that ends when the session is enabled.</returns>
    public Task EnableAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.DoAsync(HttpMethod.Post, $"sessions/{sessionId}/enable", content: null, cancellationToken);

    /// <summary>Enables a session for a product, up to the user's number of sessions for it.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="product">The product, for example <c>EQUISOFT_CONNECT</c>. An unknown one is 404.</param>
    /// <param name="disableOldest">Whether the oldest sessions lose the product when there are too many.</param>
    /// <param name="cancellationToken">Ends the wait. The session may have been enabled.</param>
    /// <returns>A task that ends when the session is enabled for the product.</returns>
    /// <exception cref="AuthServiceException">409 <c>CONCURRENT_ACCESS</c>: there are too many sessions. 409 <c>SESSION_NOT_ENABLED</c>.</exception>
    public Task EnableForAsync(Guid sessionId, string product, bool disableOldest = false, CancellationToken cancellationToken = default) => _calls.DoAsync(
        HttpMethod.Post,
        $"sessions/{sessionId}/enable/{Uri.EscapeDataString(product)}",
        ServiceCalls.Json(new EnableProductBody(disableOldest), ClientJson.Default.EnableProductBody),
        cancellationToken);

    /// <summary>Lets an administrator's session that this service opened act as another user. Its access tokens from before are refused from then on.
    /// A 503 is not retried.</summary>
    /// <param name="sessionId">The administrator's session.</param>
    /// <param name="userUuid">The <c>uuid</c> of the other user.</param>
    /// <param name="reason">The reason for the audit log, at most 1,000 characters.</param>
    /// <param name="cancellationToken">Ends the wait. The impersonation may have begun.</param>
    /// <returns>The session: <see cref="Session.Actor"/> is the administrator, and <see cref="Session.User"/> the other user.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: another service opened the session, its user may not impersonate, or the other user
    /// is an administrator.
    /// 409 <c>SESSION_ALREADY_IMPERSONATED</c>, <c>SESSION_NOT_ENABLED</c>, <c>USER_NOT_ENABLED</c>.</exception>
    public Task<Session> ImpersonateAsync(
        Guid sessionId, Guid userUuid, string? reason = null, CancellationToken cancellationToken = default) => _calls.ReadOnceAsync(
        $"sessions/{sessionId}/impersonate",
        ServiceCalls.Json(new ImpersonationBody(userUuid, reason), ClientJson.Default.ImpersonationBody),
        ClientJson.Default.Session,
        cancellationToken);

    /// <summary>Ends an impersonation. The session acts as its administrator again. A 503 is not retried.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Ends the wait. The impersonation may have ended.</param>
    /// <returns>The session.</returns>
    /// <exception cref="AuthServiceException">409 <c>SESSION_NOT_IMPERSONATED</c>.</exception>
    public Task<Session> RevertIdentityAsync(Guid sessionId, CancellationToken cancellationToken = default) =>
        _calls.ReadOnceAsync($"sessions/{sessionId}/revertIdentity", content: null, ClientJson.Default.Session, cancellationToken);

    /// <summary>Stores a token of another system with a session, encrypted. It replaces a token with the same id.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">This service's own name of the token, 1 to 250 characters.</param>
    /// <param name="value">The token, at most 64 KiB in UTF-8 (413).</param>
    /// <param name="cancellationToken">Ends the wait. The token may have been stored.</param>
    /// <returns>A task that ends when the token is stored.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session is an impersonation.</exception>
    public Task PutTokenAsync(Guid sessionId, string tokenId, string value, CancellationToken cancellationToken = default) =>
        _calls.DoAsync(HttpMethod.Put, TokenPath(sessionId, tokenId), new StringContent(value, Encoding.UTF8, "text/plain"), cancellationToken);

    /// <summary>Gets a stored token.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The name of the token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null when there is no such session or token.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session is an impersonation.</exception>
    public async Task<string?> FindTokenAsync(Guid sessionId, string tokenId, CancellationToken cancellationToken = default) =>
        (await _calls.FindAsync(TokenPath(sessionId, tokenId), ClientJson.Default.StoredTokenBody, cancellationToken))?.Value;

    /// <summary>Deletes a stored token.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="tokenId">The name of the token.</param>
    /// <param name="cancellationToken">Ends the wait. The token may have been deleted.</param>
    /// <returns>False when there is no such session or token.</returns>
    /// <exception cref="AuthServiceException">403 <c>ACCESS_DENIED</c>: the session is an impersonation.</exception>
    public Task<bool> ForgetTokenAsync(Guid sessionId, string tokenId, CancellationToken cancellationToken = default) =>
        _calls.TryAsync(HttpMethod.Delete, TokenPath(sessionId, tokenId), content: null, refusal: HttpStatusCode.NotFound, cancellationToken);

    private static string TokenPath(Guid sessionId, string tokenId) => $"sessions/{sessionId}/tokens/{Uri.EscapeDataString(tokenId)}";
}
