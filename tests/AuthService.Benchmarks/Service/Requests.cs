using System.Text;
using System.Text.Json;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Service;

/// <summary>Complete requests as bytes, as a client of the service sends them.</summary>
internal sealed class Requests(ServiceInstance service, PreparedSessions sessions, IReadOnlyList<PreparedApplication> applications)
{
    public const string RefreshPath = "/auth/refresh";
    public const string LogoutPath = "/auth/logout";

    /// <summary>The access token of a service account.</summary>
    public string ServiceToken => sessions.ServiceToken;

    /// <summary>The people with an authenticator app, one for each core.</summary>
    public IReadOnlyList<PersonWithApp> PeopleWithApps => sessions.PeopleWithApps;

    /// <summary>Returns one refresh for each application session. The limits get the same at their own paths.</summary>
    public IReadOnlyList<byte[]> Refresh(string path = RefreshPath) =>
        [.. sessions.RefreshTokens.Select(token => Request("POST", path, $"Authorization: Bearer {token}\r\nContent-Length: 0\r\n"))];

    /// <summary>Returns a refresh with an unknown token.</summary>
    public byte[] RefusedRefresh() => Request("POST", RefreshPath, $"Authorization: Bearer rt_{new string('A', 43)}\r\nContent-Length: 0\r\n");

    /// <summary>Returns one refresh for each web session.</summary>
    public IReadOnlyList<byte[]> WebRefresh() =>
    [
        .. sessions.WebSessions.Select(session => Request(
            "POST", "/auth/refresh/web",
            $"Cookie: {session.Cookie}\r\nX-CSRFToken: {session.CsrfToken}\r\nOrigin: {service.Issuer}\r\nContent-Length: 0\r\n")),
    ];

    /// <summary>Returns one request for a one-time token for each application session.</summary>
    public IReadOnlyList<byte[]> OneTimeToken() => [.. sessions.AccessTokens.Select(token =>
        Request("POST", "/auth/request?audience=files:read", $"Authorization: Bearer {token}\r\nContent-Length: 0\r\n"))];

    /// <summary>Returns a claim with a placeholder for the id.</summary>
    public byte[] Claim(string path = "/auth/claim") =>
        Request("POST", $"{path}?jti={NumberedRequests.Place}", $"Authorization: Bearer {sessions.ServiceToken}\r\nContent-Length: 0\r\n");

    public byte[] ListSessions() => Request("GET", "/auth/sessions", $"Authorization: Bearer {sessions.ListedPersonToken}\r\n");

    public byte[] ListAccount() => Request("GET", "/account/auth/sessions", $"Authorization: Bearer {sessions.ListedPersonToken}\r\n");

    /// <summary>Returns one request of a service account for each application session.</summary>
    public IReadOnlyList<byte[]> GetSession(string query = "") =>
        [.. sessions.SessionIds.Select(id => Request("GET", $"/sessions/{id}{query}", $"Authorization: Bearer {sessions.ServiceToken}\r\n"))];

    /// <summary>Returns one introspection by a service account for each access token of the application sessions.</summary>
    public IReadOnlyList<byte[]> Introspect() =>
        [.. sessions.AccessTokens.Select(token => AsService("/oauth/introspect", "application/x-www-form-urlencoded", $"token={token}"))];

    /// <summary>Returns one request for each application session to a limit, which takes the bearer text as the caller's id.</summary>
    public IReadOnlyList<byte[]> SessionsOfLimit(string path) =>
        [.. sessions.SessionIds.Select(id => Request("GET", $"{path}{id}", $"Authorization: Bearer {PreparedSessions.Service}\r\n"))];

    /// <summary>Returns the request for a list to a limit, which finds the caller's session by its id.</summary>
    public byte[] ListOfLimit(string path) => Request("GET", $"{path}{sessions.ListedPersonSession}", headers: "");

    /// <summary>Returns one request for each application session to the limit that writes the audit row of a one-time token.</summary>
    public IReadOnlyList<byte[]> AuditOfLimit(string path) => [.. sessions.SessionIds.Zip(sessions.PersonIds, (session, person) =>
        Request("POST", $"{path}{session}", $"Authorization: Bearer {person}\r\nContent-Length: 0\r\n"))];

    /// <summary>Returns a request with a placeholder for the session's id in its refresh token.</summary>
    public byte[] WithDrawnToken(string path) =>
        Request("POST", path, $"Authorization: Bearer {CopiedSessions.TokenOf(DrawnRequests.Place)}\r\nContent-Length: 0\r\n");

    /// <summary>Returns a request of a service account with keepAlive, with a placeholder for its id.</summary>
    public byte[] KeepAlive() =>
        Request("GET", $"/sessions/{DrawnRequests.Place}?keepAlive", $"Authorization: Bearer {sessions.ServiceToken}\r\n");

    /// <summary>Returns the request to the limit of the same operation.</summary>
    public byte[] TouchOfLimit(string path) =>
        Request("GET", $"{path}{DrawnRequests.Place}", $"Authorization: Bearer {PreparedSessions.Service}\r\n");

    /// <summary>Returns a revocation by a service account, with a placeholder for the session's id.</summary>
    public byte[] Revoke(string path = "/sessions") =>
        Request("DELETE", $"{path}/{DrawnRequests.Place}", $"Authorization: Bearer {sessions.ServiceToken}\r\n");

    /// <summary>Returns a bulk invalidation by a service account, with the refresh tokens of copied sessions.</summary>
    public byte[] BulkInvalidate(IEnumerable<Guid> ids) => AsService(
        "/auth/logout/bulk", "application/json", JsonSerializer.Serialize(new { tokens = ids.Select(id => CopiedSessions.TokenOf(id.ToString())) }));

    /// <summary>Returns one request for each app token, which reads its own application.</summary>
    public IReadOnlyList<byte[]> AppToken() =>
        [.. applications.Select(application => Request("GET", $"/api/v1/app/{application.Uid}", $"Authorization: Bearer {application.Token}\r\n"))];

    /// <summary>Returns the calls that created the app tokens, each with its key.</summary>
    public IReadOnlyList<byte[]> Replay() => [.. applications.Select(application => Json(
        PreparedApplication.PathOf(application.Uid),
        $"Authorization: Bearer {sessions.ServiceToken}\r\nIdempotency-Key: {application.Key}\r\n",
        PreparedApplication.BodyOf(application.Uid)))];

    /// <summary>Returns one login for each person.</summary>
    public IReadOnlyList<byte[]> Login() => [.. sessions.PersonIds.Select(LoginOf)];

    public byte[] PasskeyOptions(string path = "/auth/passkeys/options") =>
        Json(path, headers: "", JsonSerializer.Serialize(new { service = ServiceInstance.AppLoginService }));

    private byte[] LoginOf(string id)
    {
        var body = JsonSerializer.Serialize(new { username = id, password = sessions.Password, service = ServiceInstance.AppLoginService });
        return Json("/auth/login", headers: "", body);
    }

    private byte[] AsService(string path, string contentType, string body) => Request(
        "POST", path, $"Authorization: Bearer {sessions.ServiceToken}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n", body);

    private byte[] Json(string path, string headers, string body) =>
        Request("POST", path, $"{headers}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n", body);

    private byte[] Request(string method, string path, string headers, string body = "") => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: {service.Address}\r\nAccept: application/json\r\n{headers}\r\n{body}");
}
