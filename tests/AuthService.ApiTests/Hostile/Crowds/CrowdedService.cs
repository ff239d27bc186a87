using System.Security.Cryptography.X509Certificates;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>The built service as a process on SQLite, with plain text and TLS, and with settings that make its memory comparable.</summary>
public sealed class CrowdedService : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();
    private readonly X509Certificate2 _certificate = SelfSignedCertificate.New();
    private ServiceProcess? _process;

    internal ServiceProcess Process => _process!;

    internal Uri Address => Process.AddressOf("http");

    internal Uri TlsAddress => Process.AddressOf("https");

    internal IReadOnlyList<string> Errors =>
        [.. Process.Output.Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)
            || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal))];

    public async Task InitializeAsync()
    {
        _process = _folder.Start(SettingsIn(_folder, _certificate));
        await _process.WaitUntilReadyAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    /// <summary>Returns a client that trusts the TLS certificate of the service.</summary>
    internal HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        SslOptions = new()
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    });

    internal bool Trusts(X509Certificate? shown) => shown?.GetCertHashString() == _certificate.GetCertHashString();

    /// <summary>Returns the settings of the service, and writes its certificate into the folder.</summary>
    internal static Settings SettingsIn(ServiceFolder folder, X509Certificate2 certificate)
    {
        var file = Path.Combine(folder.Path, "tls.pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12));
        return ServiceFolder.ForProduction().With(ServiceFolder.ForMeasuredMemory()).With(new()
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0;https://127.0.0.1:0",
            ["Kestrel:Certificates:Default:Path"] = file,
            ["Swagger:Enabled"] = "true",
            ["RateLimits:Enabled"] = "false",
            ["Sessions:CookieDomains:0"] = "example.com",
            ["AppPortal:Url"] = "https://portal.example.com/",
        });
    }

    internal void ExpectNoError(string? butFor = null)
    {
        var errors = Errors.Where(line => butFor is null || !line.Contains(butFor, StringComparison.Ordinal)).ToList();
        Assert.True(errors.Count is 0, $"{errors.Count} lines, such as {string.Join('\n', errors.Take(3))}");
    }
}
