using System.Security.Cryptography.X509Certificates;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor checks settings even without a store or a running service.</summary>
public sealed class DoctorSettingsTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task Every_missing_setting_is_named_at_once()
    {
        var found = (await _folder.RunAsync(new() { ["environment"] = "Production" }, ["doctor"])).Expect(1);

        Assert.All(["Jwt:Issuer", "Jwt:SigningKeys", "Origins:Trusted", "LoginServices"], setting =>
            Assert.Single(found.Output.Split('\n'), line => line.StartsWith($"WRONG settings: {setting}", StringComparison.Ordinal)));
        Assert.Contains("note  settings: Encryption:Keys is empty", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_down_is_told_with_its_address()
    {
        var settings = ServiceFolder.ForProduction().With(new()
        {
            ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=Canary-77",
        });

        var found = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);

        var told = Assert.Single(found.Output.Split('\n'), line => line.StartsWith("WRONG database: does not answer", StringComparison.Ordinal));
        Assert.Contains("127.0.0.1:1", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Canary-77", found.Output + found.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("10.0.0.7", false)]
    public async Task Behind_TLS_somebody_must_be_a_known_proxy(string? proxy, bool isWrong)
    {
        var settings = ServiceFolder.ForProduction().With(new() { ["Jwt:Issuer"] = "https://127.0.0.1:1", ["ReverseProxy:KnownProxies:0"] = proxy });

        var found = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);

        Assert.Equal(isWrong, found.Output.Contains("WRONG forwarded headers: ", StringComparison.Ordinal));
        Assert.Equal(isWrong, found.Output.Contains("ReverseProxy:KnownProxies", StringComparison.Ordinal));
    }

    /// <summary>Kestrel chooses in the same order: endpoints of its section come before the addresses of <c>urls</c>, and those before ports.</summary>
    [Theory]
    [InlineData(false, "ASPNETCORE_URLS", "http://127.0.0.1:0;HTTPS://127.0.0.1:0")]
    [InlineData(false, "ASPNETCORE_URLS", null, "ASPNETCORE_HTTPS_PORTS", "0")]
    [InlineData(false, "ASPNETCORE_URLS", null, "https_ports", "8443;9443")]
    [InlineData(false, "Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0")]
    [InlineData(false, "Kestrel:Endpoints:Probes:Url", "http://127.0.0.1:0", "Kestrel:Endpoints:Https:Url", "https://127.0.0.1:0")]
    [InlineData(true, "ASPNETCORE_URLS", null)]
    [InlineData(true, "ASPNETCORE_URLS", null, "ASPNETCORE_HTTP_PORTS", "0")]
    [InlineData(true, "ASPNETCORE_HTTPS_PORTS", "0")]
    [InlineData(true, "Kestrel:Endpoints:Http:Url", "http://127.0.0.1:0", "ASPNETCORE_URLS", "https://127.0.0.1:0")]
    [InlineData(false, "REVERSEPROXY:KNOWNNETWORKS:0", "10.0.0.0/8")]
    public async Task Whoever_ends_TLS_here_needs_no_proxy(bool isWrong, string setting, string? value, string other = "Jwt:Issuer", string? otherValue = null)
    {
        using var certificate = SelfSignedCertificate.New();
        var file = Path.Combine(_folder.Path, "tls.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12));
        var settings = ServiceFolder.ForProduction().With(new() { [setting] = value }).With(new() { [other] = otherValue })
            .With(new() { ["Jwt:Issuer"] = "https://127.0.0.1:1", ["Kestrel:Certificates:Default:Path"] = file });

        var found = (await _folder.RunProcessAsync(settings, ["doctor"])).Expect(1);

        Assert.Equal(isWrong, found.Output.Contains("WRONG forwarded headers: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_others_can_read_is_told_with_the_remedy()
    {
        if (OperatingSystem.IsWindows())
            return; // this system has no file modes
        await using var database = await TestDatabase.CreateAsync(Store.Sqlite);
        var settings = ServiceFolder.ForProduction().With(database.Settings);
        (await _folder.RunAsync(settings, ["migrate"])).Expect(0);
        var path = settings["Sqlite:Path"]!;
        var folder = Path.GetDirectoryName(path)!;
        var before = await _folder.RunAsync(settings, ["doctor"]);

        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead);
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var found = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);

        Assert.DoesNotContain("chmod", before.Output, StringComparison.Ordinal);
        Assert.Contains($"WRONG database: {path} is 0604, so others can use it: chmod 0600 {path}", found.Output, StringComparison.Ordinal);
        Assert.Contains($"chmod 0700 {folder}", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_for_everybody_is_told()
    {
        var settings = ServiceFolder.ForProduction().With(new() { ["Jwt:Issuer"] = "http://192.0.2.1.invalid" });

        var found = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);

        Assert.Contains("is not https", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_address_is_examined_and_not_the_issuer()
    {
        var settings = ServiceFolder.ForProduction().With(new() { ["Jwt:Issuer"] = "cloud.example", ["PublicAddress"] = "http://192.0.2.1.invalid/accounts/" });

        var found = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);

        Assert.Contains("WRONG public address: http://192.0.2.1.invalid/accounts is not https", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("cloud.example", found.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
