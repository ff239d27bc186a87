using System.Net;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Pages;

/// <summary>The pages have the right policies for content and caching, and stay small.</summary>
[Collection("sqlite 2")]
public sealed partial class PageHeaderTests(SqliteStore store)
{
    private const int MostBytes = 78_000;

    private static readonly string[] Pages =
        ["/login?service=web", "/login/forgotten", "/login/new-password", "/account", "/account/confirm-email", "/account/not-me", "/portal"];

    private readonly AuthHost _host = store.Host;

    [Theory]
    [InlineData("/login")]
    [InlineData("/login?service=web")]
    [InlineData("/login/forgotten?service=web")]
    [InlineData("/login/new-password")]
    [InlineData("/account")]
    [InlineData("/account/confirm-email")]
    [InlineData("/account/not-me")]
    [InlineData("/portal")]
    public async Task A_page_may_load_its_own_files_and_nothing_else(string path)
    {
        using var response = await _host.GetAsync(path);
        await response.ExpectAsync(HttpStatusCode.OK);

        var policy = AuthCalls.HeaderOf(response, "Content-Security-Policy");

        Assert.StartsWith("default-src 'none'; script-src 'self'; ", policy, StringComparison.Ordinal);
        foreach (var directive in new[] { "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'" })
            Assert.Contains(directive, policy, StringComparison.Ordinal);
        foreach (var loophole in new[] { "unsafe", "*", "http", "data:", "nonce", "sha256" })
            Assert.DoesNotContain(loophole, policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", AuthCalls.HeaderOf(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", AuthCalls.HeaderOf(response, "Referrer-Policy"));
        Assert.Equal("same-origin", AuthCalls.HeaderOf(response, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", AuthCalls.HeaderOf(response, "Cross-Origin-Resource-Policy"));
    }

    [Fact]
    public async Task No_page_holds_inline_code_or_anything_of_a_third_party()
    {
        foreach (var path in Pages)
        {
            var page = await _host.Http.GetStringAsync(path);
            Assert.DoesNotMatch(@"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", page);
            Assert.DoesNotMatch("(src|href|action)=\"(?!/|#|&quot;)", page);
        }
    }

    [Fact]
    public async Task Together_they_are_small()
    {
        var total = 0;
        foreach (var address in Pages.Concat(await ListFilesAsync()))
            total += (await _host.Http.GetByteArrayAsync(address)).Length;

        Assert.InRange(total, 10_000, MostBytes);
    }

    [Fact]
    public async Task Files_are_kept_for_good_under_an_address_that_changes_with_them()
    {
        var files = await ListFilesAsync();

        Assert.Equal(
            "account.js factor.js icon.svg link.js lists.css login.js once.js own-devices.js own-email.js own-identities.js own-passkeys.js "
            + "own-password.js parts.js passkeys.js portal.js proof.js return.js session.js style.css",
            string.Join(' ', files.Select(file => file.Split('/')[^1]).Order(StringComparer.Ordinal)));
        foreach (var file in files)
        {
            using var response = await _host.GetAsync(file);
            Assert.Equal("public, max-age=31536000, immutable", AuthCalls.HeaderOf(response, "Cache-Control"));
            Assert.Matches("^(text/(css|javascript); charset=utf-8|image/svg\\+xml)$", $"{response.Content.Headers.ContentType}");
            Assert.Equal("nosniff", AuthCalls.HeaderOf(response, "X-Content-Type-Options"));
            Assert.Contains("default-src 'none'", AuthCalls.HeaderOf(response, "Content-Security-Policy"), StringComparison.Ordinal);
        }
    }

    /// <summary>During an upgrade, instances of two versions run side by side. The page works, and no cache keeps the wrong file.</summary>
    [Fact]
    public async Task Under_the_address_of_another_version_a_file_is_not_kept()
    {
        using var response = await _host.GetAsync("/pages/0123456789abcdef/style.css");

        await response.ExpectAsync(HttpStatusCode.OK);
        Assert.True(AuthCalls.IsNoStore(response.Headers));
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/portal")]
    public async Task A_page_that_is_the_same_for_everybody_is_asked_for_once(string path)
    {
        using var first = await _host.GetAsync(path);
        using var again = await _host.SendAsync(HttpMethod.Get, path, headers: [("If-None-Match", $"{first.Headers.ETag}")]);

        Assert.Equal("no-cache", AuthCalls.HeaderOf(first, "Cache-Control"));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task The_sign_in_page_is_not_kept()
    {
        using var response = await _host.GetAsync("/login?service=web");

        Assert.True(AuthCalls.IsNoStore(response.Headers));
    }

    [Theory]
    [InlineData("/pages/x/nothing.js")]
    [InlineData("/pages/x/account.html")]
    [InlineData("/pages/x/..%2Fappsettings.json")]
    [InlineData("/pages/x")]
    public async Task There_is_nothing_else(string path) => await _host.GetAsync(path).RefusalAsync(HttpStatusCode.NotFound);

    [Fact]
    public async Task Unknown_addresses_below_the_account_page_are_still_the_account_APIs()
    {
        await _host.PostAsync("/account").RefusalAsync(HttpStatusCode.MethodNotAllowed);
        var refusal = await _host.GetAsync("/account/nowhere").RefusalAsync(HttpStatusCode.NotFound);

        Assert.Equal("NOT_FOUND", refusal.Code);
    }

    /// <summary>Lists every file that the pages load, and the modules that their scripts import.</summary>
    private async Task<IReadOnlyList<string>> ListFilesAsync()
    {
        var pages = await Task.WhenAll(Pages.Select(_host.Http.GetStringAsync));
        var loaded = pages.SelectMany(page => FileAddress().Matches(page)).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();
        var scripts = loaded.Where(file => file.EndsWith(".js", StringComparison.Ordinal)).ToList();
        var texts = await Task.WhenAll(scripts.Select(_host.Http.GetStringAsync));
        var folder = scripts[0][..scripts[0].LastIndexOf('/')];
        var imported = texts.SelectMany(text => ImportedName().Matches(text)).Select(match => $"{folder}/{match.Groups["name"].Value}");
        return [.. loaded.Concat(imported).Append($"{folder}/return.js").Distinct(StringComparer.Ordinal)]; // of the page that ends a sign-in
    }

    [GeneratedRegex("/pages/[0-9a-f]{16}/[a-z.-]+", RegexOptions.NonBacktracking)]
    private static partial Regex FileAddress();

    [GeneratedRegex("'\\./(?<name>[a-z-]+\\.js)';", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ImportedName();
}
