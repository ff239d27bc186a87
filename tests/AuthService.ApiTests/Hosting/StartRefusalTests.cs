using AuthService.ApiTests.CommandLine;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public sealed class StartRefusalTests : IDisposable
{
    private static readonly string[] Required = ["Jwt:Issuer", "Jwt:SigningKeys", "Origins:Trusted", "LoginServices"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_Development_every_missing_setting_is_named_at_once(string environment)
    {
        var refused = (await _folder.RefuseAsync(new() { ["environment"] = environment })).Expect(1);

        Assert.All(Required, setting => Assert.Single(refused.Errors.Split('\n'), line => line.Contains(setting, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_the_name_of_an_environment_no_setting_may_be_missing_either()
    {
        await using var service = _folder.Start(new() { ["environment"] = null });

        Assert.Equal(1, await service.WaitForExitAsync(Patience));

        Assert.All(Required, setting => Assert.Single(service.Errors, line => line.Contains(setting, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refusal_to_start_shows_no_stack_trace()
    {
        await using var service = _folder.Start(new() { ["environment"] = "Production" });

        await service.WaitForExitAsync(Patience);

        Assert.DoesNotContain(service.Output.Concat(service.Errors), line =>
            line.Contains(" at Microsoft.", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_Development_neither_key_nor_store_is_made_of_itself()
    {
        await using var service = _folder.Start(new() { ["environment"] = "Production" });

        await service.WaitForExitAsync(Patience);

        Assert.All(Directory.EnumerateFileSystemEntries(_folder.Path), entry =>
            Assert.StartsWith("appsettings", Path.GetFileName(entry), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Hots=db1;Password=tell-nobody")]
    [InlineData("Host=db1;Password=tell-nobody;Minimum Pool Size=2;Maximum Pool Size=1")]
    [InlineData("Host=db1,db2;Password=tell-nobody;Multiplexing=true")]
    public async Task A_connection_string_that_cannot_be_used_is_named_but_not_shown(string given)
    {
        var fault = await FaultAsync(new() { ["ConnectionStrings:Postgres"] = given });

        Assert.Contains("ConnectionStrings:Postgres", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("tell-nobody", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Jwt:Issuer", "auth.example.com")]
    [InlineData("Origins:Trusted:0", "https://app.example.com/path")]
    [InlineData("LoginServices:app:Endpoint", "/home")]
    [InlineData("Jwt:SigningKeys:0:Algorithm", "none")]
    [InlineData("RateLimits:PerIpPerSecond", "0")]
    public async Task A_setting_that_makes_no_sense_is_named_with_its_value(string setting, string value)
    {
        var fault = await FaultAsync(new() { [setting] = value });

        Assert.Contains(setting[..setting.LastIndexOf(':')], fault, StringComparison.Ordinal);
        Assert.Contains(value, fault, StringComparison.Ordinal);
    }

    /// <summary>An environment variable or a file that is empty by mistake. The service must not start with an empty store of its own.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_database_that_is_named_by_nothing_is_not_replaced_by_another(string given)
    {
        var fault = await FaultAsync(new() { ["ConnectionStrings:Postgres"] = given });

        Assert.StartsWith("  - ConnectionStrings:Postgres is empty", fault, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "data")));
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named()
    {
        await using var first = _folder.Start(ServiceFolder.ForProduction());
        await first.WaitUntilReadyAsync();
        var address = first.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

        await using var second = _folder.Start(ServiceFolder.ForProduction().With(new() { ["ASPNETCORE_URLS"] = address }));

        Assert.Equal(1, await second.WaitForExitAsync(Patience));
        Assert.Contains(address, Assert.Single(second.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(second.Output, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_none_of_this_machine_is_named()
    {
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new() { ["ASPNETCORE_URLS"] = "http://192.0.2.1:8080" }));

        Assert.Equal(1, await service.WaitForExitAsync(Patience));

        Assert.Contains("cannot listen at http://192.0.2.1:8080: ", Assert.Single(service.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(service.Output, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_is_named_and_not_shown()
    {
        const string Canary = "MIGHAgEAMBMGByqGSM49CanaryKeyCanaryKeyCanaryKey";
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(new()
        {
            ["Jwt:SigningKeys:0:PrivateKeyPem"] = $"-----BEGIN PRIVATE KEY-----\n{Canary}\n-----END PRIVATE KEY-----",
        }));

        Assert.Equal(1, await service.WaitForExitAsync(Patience));

        Assert.Single(service.Errors, line => line.Contains("Jwt:SigningKeys:0", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains("CanaryKey", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts the service with one wrong setting, and gets the line that names it.</summary>
    private async Task<string> FaultAsync(Settings wrong)
    {
        var refused = (await _folder.RefuseAsync(ServiceFolder.ForProduction().With(wrong))).Expect(1);
        return Assert.Single(refused.Errors.Split('\n'), line => line.StartsWith("  - ", StringComparison.Ordinal));
    }
}
