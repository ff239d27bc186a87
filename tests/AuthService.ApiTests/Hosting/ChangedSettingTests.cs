using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>Settings are mistyped while the service runs: it continues with the old ones and logs which is wrong and why.</summary>
public sealed class ChangedSettingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A time that is longer than Kestrel needs to stop listening at an address.</summary>
    private static readonly TimeSpan While = TimeSpan.FromSeconds(2);

    private readonly ServiceFolder _folder = new();
    private readonly Settings _settings = ServiceFolder.ForProduction().With(new() { ["environment"] = null, ["Jwt:SigningKeys:0:KeyId"] = "kept" });

    private string SettingsFile => Path.Combine(_folder.Path, "appsettings.Production.json");

    [Fact]
    public async Task Whatever_is_mistyped_the_old_settings_stay_and_the_log_names_it()
    {
        await using var service = await StartAsync();

        foreach (var value in new[] { "no such value", "", "17h", "2026-12-26T12:00:00" })
        {
            var said = service.Output.Count;
            var changed = new Settings();
            foreach (var key in EverySetting.Typed.Keys)
                changed[key] = value;
            await WriteAsync(changed);

            foreach (var key in EverySetting.Typed.Keys)
                await UntilLoggedAsync(service, $"{key} ", said);
            await ServesAsync(service);
        }

        Assert.DoesNotContain(service.Output.Concat(service.Errors), line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_half_written_changes_nothing()
    {
        await using var service = await StartAsync();

        await File.WriteAllTextAsync(SettingsFile, "{ \"Jwt\": { \"AccessTokenLifetime\": ");

        await UntilLoggedAsync(service, "appsettings.Production.json cannot be read");
        await ServesAsync(service);
    }

    [Fact]
    public async Task What_is_read_at_the_start_alone_is_told_when_it_changes()
    {
        await using var service = await StartAsync();
        var changed = new Settings
        {
            ["Passwords:BcryptCost"] = "5",
            ["CleanUp:Interval"] = "00:02:00",
            ["Metrics:SessionCountInterval"] = "00:02:00",
            ["ReverseProxy:KnownProxies:0"] = "127.0.0.9",
            ["Swagger:Enabled"] = "true",
            ["Connections:Maximum"] = "100",
            ["Sqlite:Path"] = "data/other.db",
            ["OTEL_SERVICE_NAME"] = "other",
            ["http_ports"] = "80",
        };

        await WriteAsync(changed.With(new() { ["Jwt:AccessTokenLifetime"] = "00:05:00" }));

        foreach (var setting in changed.Keys.Select(key => key.Replace(":0", "", StringComparison.Ordinal)))
            await UntilLoggedAsync(service, $"{setting} was changed; it is read at the start alone");
        Assert.DoesNotContain(service.Output, line => line.Contains("Jwt:AccessTokenLifetime was changed", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Output, line => line.Contains("Database:MigrateOnStart was changed", StringComparison.Ordinal));
        await ServesAsync(service);
    }

    /// <summary>
    /// Without the service's own configuration Kestrel would leave its address, and would read <c>80a</c> as port 80 of every interface.
    /// </summary>
    [Fact]
    public async Task An_address_that_is_changed_is_told_and_the_old_one_goes_on_answering()
    {
        const string Url = "Kestrel:Endpoints:Http:Url";
        _settings[Url] = "http://127.0.0.1:0";
        await using var service = await StartAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        foreach (var port in (string[])[$"{((IPEndPoint)taken.LocalEndpoint).Port}", "80a"])
        {
            var said = service.Output.Count;
            await WriteAsync(new() { [Url] = $"http://127.0.0.1:{port}" });

            await UntilLoggedAsync(service, "Kestrel was changed; it is read at the start alone", said);
            await Task.Delay(While);
            await ServesAsync(service);
            Assert.Equal(1, service.Output.Count(line => line.Contains("Now listening on", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_list_entry_that_is_mistyped_leaves_the_list_as_it_was()
    {
        await using var service = await StartAsync();

        await WriteAsync(new() { ["Jwt:SigningKeys:0:RetireAfter"] = "Sat Dec 26 12:00:00 UTC 2026" });

        await UntilLoggedAsync(service, "Jwt:SigningKeys:0:RetireAfter must be");
        await ServesAsync(service);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServiceProcess> StartAsync()
    {
        await WriteAsync([]);
        var service = _folder.Start(new() { ["environment"] = "Production" });
        await service.WaitUntilReadyAsync();
        return service;
    }

    /// <summary>Writes all settings to the file, because those of the environment would override it.</summary>
    private Task WriteAsync(Settings changed) => File.WriteAllTextAsync(SettingsFile, JsonSerializer.Serialize(
        _settings.With(changed).Where(setting => setting.Value is not null)
            .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal)));

    private static Task UntilLoggedAsync(ServiceProcess service, string text, int after = 0) => UntilAsync(
        () => Task.FromResult(service.Output.Skip(after).Any(line => line.Contains(text, StringComparison.Ordinal))), $"\"{text}\" is in the log");

    private static async Task ServesAsync(ServiceProcess service)
    {
        using (var newcomer = new HttpClient())
            Assert.NotEmpty(await newcomer.GetStringAsync(new Uri(service.Http.BaseAddress!, "/health/live")));
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/ready"));
        Assert.Contains("kept", await service.Http.GetStringAsync("/.well-known/jwks.json"), StringComparison.Ordinal);
        await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
            await Task.Delay(100);
        }
    }
}
