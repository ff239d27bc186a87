using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>The input for the caller of a generated client.</summary>
internal sealed record Given(Uri Document, string Server, string Username, string Password, string ServiceToken, string Jti)
{
    public static Uri DocumentOf(AuthHost host) => new(host.Address, "/swagger/auth/swagger.json");

    public static async Task<Given> NewAsync(AuthHost host)
    {
        var person = await host.CreatePersonAsync();
        var serviceToken = await host.NewServiceTokenAsync();
        return new Given(DocumentOf(host), host.Address.ToString().TrimEnd('/'), person.Id, person.Password, serviceToken, NewName("jti"));
    }

    /// <summary>Checks that the caller signed in, refreshed that session and claimed the token once.</summary>
    public void Check(JsonElement came)
    {
        var signedIn = Requests.ClaimsOf(came.GetProperty("signedIn").Text("accessToken"));
        var refreshed = Requests.ClaimsOf(came.GetProperty("refreshed").Text("accessToken"));
        Assert.Equal((Username, Username), (signedIn.Text("sub"), refreshed.Text("sub")));
        Assert.Equal(signedIn.Text("sid"), refreshed.Text("sid"));
        Assert.Equal([204, 409], came.GetProperty("claims").EnumerateArray().Select(status => status.GetInt32()));
        Assert.NotEmpty(came.GetProperty("refusal").Text("why"));
    }
}
