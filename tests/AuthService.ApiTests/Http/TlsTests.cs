using System.Security.Cryptography.X509Certificates;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

public sealed class TlsTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Over_TLS_browsers_are_told_to_stay_there_and_the_cookie_is_bound_to_the_host()
    {
        using var certificate = SelfSignedCertificate.New();
        var file = Path.Combine(_folder.Path, "tls.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12));
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["Kestrel:Endpoints:Https:Url"] = "https://127.0.0.1:0",
            ["Kestrel:Certificates:Default:Path"] = file,
            ["LoginServices:app:Mode"] = "Web",
            ["Jwt:Issuer"] = "http://127.0.0.1",
        }));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, SslOptions = new() { CertificateChainPolicy = Trusting(certificate) } });
        await service.WaitUntilReadyAsync(http);

        using var form = new FormUrlEncodedContent([new("username", "admin"), new("password", AuthHost.AdminPassword), new("service", "app")]);
        using var response = await http.PostAsync(new Uri(service.Http.BaseAddress!, "/auth/login"), form);

        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        Assert.StartsWith("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        var cookies = SetCookie.AllOf(response.Headers).ToList();
        Assert.Equal("__Host-device __Host-refreshToken authState", string.Join(' ', cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal)));
        Assert.All(cookies, cookie => Assert.Contains(cookie.Attributes, attribute => attribute.Key == "secure"));
    }

    public void Dispose() => _folder.Dispose();

    private static X509ChainPolicy Trusting(X509Certificate2 certificate) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
