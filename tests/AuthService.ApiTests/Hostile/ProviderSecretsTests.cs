using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.IdentityProviders;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile;

/// <summary>No secret that passes between this service, a browser and an identity provider is stored or logged.</summary>
public abstract class ProviderSecretsTests(Store store)
{
    [Fact]
    public async Task No_secret_of_a_sign_in_with_a_provider_is_left_anywhere()
    {
        await using var provider = await PlainProvider.StartAsync(TimeProvider.System);
        await using var traced = await TracedHost.StartAsync(store, provider.SettingsFor("Example Corp"));
        provider.Clock = traced.Host.Clock;
        provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("person") };
        var idToken = "";
        provider.Write = payload => idToken = PlainProvider.Sign(payload, provider.Key);
        var browser = new ProviderBrowser(traced.Host);

        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        traced.Secrets.Add("cookie", browser.Cookies["provider"].Split('.')[0]);
        using (var answer = await browser.ComeBackAsync(callback))
            await answer.ExpectPageAsync(HttpStatusCode.OK);
        using (var again = await browser.ComeBackAsync(callback))
            await again.ExpectPageAsync(HttpStatusCode.BadRequest);

        traced.Secrets.Add("code", $"{QueryHelpers.ParseQuery(callback.Query)["code"]}")
            .AddJwt("ID token", idToken).AddToken("refresh token", browser.Cookies["refreshToken"]);
        await traced.ExpectNothingLeakedAsync();
    }

    public sealed class OnSqlite() : ProviderSecretsTests(Store.Sqlite);

    public sealed class OnPostgres() : ProviderSecretsTests(Store.Postgres);
}
