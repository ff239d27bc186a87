using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Simulates a browser that signs in with an identity provider: it keeps cookies and follows redirects and pages that redirect.</summary>
internal sealed partial class ProviderBrowser(params AuthHost[] instances)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    private AuthHost First => instances[0];

    /// <summary>The instance that gets the callback: the second one, if there are two.</summary>
    private AuthHost Last => instances[^1];

    /// <summary>Runs the whole sign-in; returns the last response.</summary>
    public async Task<HttpResponseMessage> SignInAsync(int id = 1, string query = "&service=web") =>
        await ComeBackAsync(await AuthorizeAsync(await StartAsync(id, query)));

    /// <returns>The address of the provider to go to.</returns>
    public async Task<Uri> StartAsync(int id = 1, string query = "&service=web")
    {
        using var response = await GetAsync(First, $"/auth/startLogin?id={id}{query}");
        Assert.True(response.StatusCode is HttpStatusCode.Found, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!;
    }

    /// <summary>Starts to add an account, as the account page does.</summary>
    /// <returns>The address of the provider to go to.</returns>
    public async Task<Uri> StartLinkAsync(string accessToken, int id = 1)
    {
        using var response = await First.PostAsync("/account/identities/start", accessToken, new { provider = id });
        Keep(response);
        return new Uri((await response.ExpectAsync(HttpStatusCode.OK)).Text("location"));
    }

    /// <summary>Adds an account, from the start to the last response.</summary>
    public async Task<HttpResponseMessage> LinkAsync(string accessToken, int id = 1) =>
        await ComeBackAsync(await AuthorizeAsync(await StartLinkAsync(accessToken, id)));

    /// <returns>The callback address from the provider.</returns>
    public static async Task<Uri> AuthorizeAsync(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using var response = await http.GetAsync(address);
        return response.Headers.Location!;
    }

    /// <summary>Calls the callback, and again as its page asks.</summary>
    public async Task<HttpResponseMessage> ComeBackAsync(Uri callback) => await GetAsync(Last, await LandAsync(callback));

    /// <summary>Gets the page at the callback. It reloads the same address, so that the browser sends its strict cookies.</summary>
    /// <returns>The address that it reloads.</returns>
    public async Task<string> LandAsync(Uri callback)
    {
        using var page = await GetAsync(Last, callback.PathAndQuery, strictCookies: false);
        var html = await page.ExpectPageAsync(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(RefreshAddress().Match(html).Groups["address"].Value);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => GetAsync(First, path);

    /// <summary>Returns a browser with the same cookies that calls another instance.</summary>
    public ProviderBrowser CopyTo(AuthHost instance)
    {
        var copy = new ProviderBrowser(instance);
        foreach (var (name, value) in _cookies)
            copy.Plant(name, value);
        return copy;
    }

    /// <summary>Returns the cookie that the page of the login service reads within a minute.</summary>
    public JsonElement AuthState() => JsonElement.Parse(Uri.UnescapeDataString(_cookies["authState"]));

    public void Plant(string cookie, string value) => _cookies[cookie] = value;

    public void Forget(string cookie) => _cookies.Remove(cookie);

    private async Task<HttpResponseMessage> GetAsync(AuthHost host, string path, bool strictCookies = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (strictCookies && _cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var response = await host.Http.SendAsync(request);
        Keep(response);
        return response;
    }

    private void Keep(HttpResponseMessage response)
    {
        foreach (var text in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (name, value) = (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..].Split(';')[0]);
            Assert.Contains("samesite=strict", text, StringComparison.OrdinalIgnoreCase);
            if (value.Length is 0)
                _cookies.Remove(name);
            else
                _cookies[name] = value;
        }
    }

    [GeneratedRegex("""http-equiv="refresh" content="0;url=(?<address>[^"]*)">""", RegexOptions.NonBacktracking)]
    private static partial Regex RefreshAddress();
}

internal static class ProviderCalls
{
    public static async Task<string> ExpectPageAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        return text;
    }

    /// <summary>Fails unless the response is an error page with these words and a link to the sign-in, and without a session.</summary>
    public static async Task ExpectProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string words)
    {
        using (response)
        {
            var html = WebUtility.HtmlDecode(await response.ExpectPageAsync(status));
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.Contains("/login", html, StringComparison.Ordinal);
            var cookies = response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [];
            Assert.DoesNotContain(cookies, text => text.StartsWith("refreshToken=", StringComparison.Ordinal));
        }
    }
}
