using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using static System.Net.Http.HttpMethod;

namespace AuthService.ApiTests.Soak;

/// <summary>A person with a session, together with a service. They make calls in random order.</summary>
internal sealed class SoakCaller(SoakLoad load, string person, string serviceRefreshToken, Random chance)
{
    private string _session = "";
    private string _access = "";
    private string _service = "";
    private string _cursor = "";

    public async Task RunAsync(CancellationToken stop)
    {
        var session = await load.LoginAsync(person);
        (_session, _access) = (session.Text("refreshToken"), session.Text("accessToken"));
        _service = (await load.CallAsync(HttpStatusCode.OK, Post, "/auth/refresh", serviceRefreshToken)).Text("accessToken");
        while (!stop.IsCancellationRequested)
            await (chance.Next(11) switch
            {
                < 4 => RefreshAsync(),
                10 => ReadFeedAsync(),
                < 6 => load.CallAsync(HttpStatusCode.OK, Get, "/auth/sessions", _access),
                6 => load.CallAsync(HttpStatusCode.NoContent, Post, $"/auth/claim?jti={Guid.NewGuid()}", _service),
                7 => IntrospectAsync(_access),
                8 => load.LoginAsync(person, SoakLoad.Brief),
                _ => RevokeAsync(),
            });
    }

    /// <summary>Replaces the tokens of the session and of the service, long before they expire.</summary>
    private async Task RefreshAsync()
    {
        var session = await load.CallAsync(HttpStatusCode.OK, Post, "/auth/refresh", _session);
        var service = await load.CallAsync(HttpStatusCode.OK, Post, "/auth/refresh", serviceRefreshToken);
        _access = TokenIn(session) ?? _access;
        _service = TokenIn(service) ?? _service;
    }

    private Task<JsonElement> IntrospectAsync(string token) =>
        load.CallAsync(HttpStatusCode.OK, Post, "/oauth/introspect", _service, new FormUrlEncodedContent([new("token", token)]));

    /// <summary>Revokes a new session in one of three ways. From then on it must be refused.</summary>
    private async Task RevokeAsync()
    {
        var session = await load.LoginAsync(person);
        if (TokenIn(session) is not { } access)
            return;
        var refresh = session.Text("refreshToken");
        await (chance.Next(3) switch
        {
            0 => load.CallAsync(HttpStatusCode.NoContent, Post, "/auth/logout", refresh),
            1 => load.CallAsync(HttpStatusCode.NoContent, Post, "/auth/logout/bulk", _service, JsonContent.Create(new { tokens = new[] { refresh } })),
            _ => load.CallAsync(HttpStatusCode.OK, Post, "/oauth/revoke", _service, new FormUrlEncodedContent([new("token", refresh)])),
        });
        load.CountRevocation();
        await load.CallAsync(HttpStatusCode.Unauthorized, Post, "/auth/refresh", refresh);
        await load.CallAsync(HttpStatusCode.Unauthorized, Get, "/auth/sessions", access);
    }

    /// <summary>Reads the feed from its last cursor, without waiting.</summary>
    private async Task ReadFeedAsync()
    {
        var answer = await load.CallAsync(HttpStatusCode.OK, Get, $"/revocations{(_cursor.Length == 0 ? "" : $"?after={_cursor}")}", _service);
        if (answer.ValueKind is JsonValueKind.Object)
            _cursor = answer.Text("cursor");
    }

    /// <summary>Returns the access token; null when the response was not the expected one.</summary>
    private static string? TokenIn(JsonElement answer) => answer.ValueKind is JsonValueKind.Object ? answer.Text("accessToken") : null;
}
