using System.Net.Http.Headers;
using System.Text.Json;
using Generated.NSwag;

namespace GeneratedClients;

/// <summary>Calls the client that NSwag generates.</summary>
internal static class NSwagCaller
{
    public static async Task<string> UseAsync(HttpClient http, Given given)
    {
        var client = new AuthClient(http);
        var signedIn = await client.PasswordLoginAsync(new LoginRequest { Username = given.Username, Password = given.Password, Service = "app" });
        Authorize(http, signedIn.RefreshToken);
        var refreshed = await client.RefreshAsync();
        Authorize(http, given.ServiceToken);
        await client.ClaimAsync(given.Jti, body: null);
        try
        {
            await client.ClaimAsync(jti: null, new ClaimRequest { Jti = given.Jti });
            return "claimed twice";
        }
        catch (ApiException<AuthErrorBody> refused)
        {
            return JsonSerializer.Serialize(new
            {
                signedIn = new { accessToken = signedIn.AccessToken },
                refreshed = new { accessToken = refreshed.AccessToken },
                claims = new[] { 204, refused.StatusCode },
                refusal = new { why = refused.Result.Why },
            });
        }
    }

    private static void Authorize(HttpClient http, string token) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
}
