using System.Text.Json;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile.OddClients;

/// <summary>The calls that every client makes: sign in, refresh, sign out, and a refresh that is refused.</summary>
internal static class UsualWay
{
    private static readonly string Form = $"username={AuthHost.AdminId}&password={Uri.EscapeDataString(AuthHost.AdminPassword)}&service=app";

    /// <param name="send">Sends a request with the client.</param>
    public static async Task GoAsync(Func<RawRequest, Task<RawAnswer?>> send)
    {
        var signIn = new RawRequest("POST", "/auth/login") { Body = Form }
            .Add("Host", "x").Add("Accept", "application/json").Add("Content-Type", "application/x-www-form-urlencoded");
        var session = JsonElement.Parse(await ExpectAsync(200, signIn, send));
        var bearer = $"Bearer {session.Text("refreshToken")}";

        var refreshed = JsonElement.Parse(await ExpectAsync(200, Authorized("/auth/refresh"), send));
        Assert.Equal(Requests.ClaimsOf(session.Text("accessToken")).Text("sid"), Requests.ClaimsOf(refreshed.Text("accessToken")).Text("sid"));
        Assert.Equal("", await ExpectAsync(204, Authorized("/auth/logout"), send));
        Assert.Equal("why errorCode traceId", Http.Dialects.MembersOf(await ExpectAsync(401, Authorized("/auth/refresh"), send)));

        RawRequest Authorized(string path) => new RawRequest("POST", path) { Body = "" }.Add("Host", "x").Add("Authorization", bearer);
    }

    private static async Task<string> ExpectAsync(int status, RawRequest request, Func<RawRequest, Task<RawAnswer?>> send)
    {
        var answer = await send(request);
        Assert.True(answer?.Status == status, $"{request}\n\n{answer}");
        return answer!.Body;
    }
}
