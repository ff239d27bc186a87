using System.Net.Http.Headers;
using System.Text.Json;
using Generated.Kiota;
using Generated.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace GeneratedClients;

/// <summary>Calls the client that Kiota generates. It reads the address of the service from the document.</summary>
internal static class KiotaCaller
{
    public static async Task<string> UseAsync(HttpClient http, Given given)
    {
        var client = new AuthClient(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http));
        var signedIn = await client.Auth.Login.PostAsync(new LoginRequest { Username = given.Username, Password = given.Password, Service = "app" });
        Authorize(http, signedIn.RefreshToken);
        var refreshed = await client.Auth.Refresh.PostAsync();
        Authorize(http, given.ServiceToken);
        await client.Auth.Claim.PostAsync(new ClaimRequest { Jti = given.Jti });
        try
        {
            await client.Auth.Claim.PostAsync(new ClaimRequest { Jti = given.Jti });
            return "claimed twice";
        }
        catch (AuthErrorBody refused)
        {
            return JsonSerializer.Serialize(new
            {
                signedIn = new { accessToken = signedIn.AccessToken },
                refreshed = new { accessToken = refreshed.AccessToken },
                claims = new[] { 204, refused.ResponseStatusCode },
                refusal = new { why = refused.Why },
            });
        }
    }

    private static void Authorize(HttpClient http, string token) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
}
