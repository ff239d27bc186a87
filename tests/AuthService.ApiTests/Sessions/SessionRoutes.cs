namespace AuthService.ApiTests.Sessions;

/// <summary>The routes of the Sessions API, in which ID stands for the id of a session.</summary>
internal static class SessionRoutes
{
    public static IReadOnlyList<(HttpMethod Method, string Path)> OfSession { get; } =
    [
        (HttpMethod.Get, "/sessions/ID"),
        (HttpMethod.Get, "/sessions/ID?keepAlive=true"),
        (HttpMethod.Delete, "/sessions/ID"),
        (HttpMethod.Post, "/sessions/ID/enable"),
        (HttpMethod.Post, "/sessions/ID/enable/EQUISOFT_CONNECT"),
        (HttpMethod.Post, "/sessions/ID/impersonate"),
        (HttpMethod.Post, "/sessions/ID/revertIdentity"),
        (HttpMethod.Put, "/sessions/ID/tokens/one"),
        (HttpMethod.Get, "/sessions/ID/tokens/one"),
        (HttpMethod.Delete, "/sessions/ID/tokens/one"),
    ];

    public static IReadOnlyList<(HttpMethod Method, string Path)> All { get; } =
    [
        (HttpMethod.Post, "/sessions"),
        (HttpMethod.Delete, "/sessions"),
        (HttpMethod.Delete, "/sessions/expired"),
        .. OfSession,
    ];

    /// <summary>Returns a valid body for the routes that need one.</summary>
    public static object? BodyFor(string path) => path switch
    {
        "/sessions" or "/sessions/ID/impersonate" => new { userUuid = Guid.NewGuid() },
        _ when path.EndsWith("/tokens/one", StringComparison.Ordinal) => "value",
        _ => null,
    };
}
