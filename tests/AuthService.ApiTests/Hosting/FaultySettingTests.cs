using AuthService.ApiTests.CommandLine;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>A setting that cannot be read ends the start and each command with one line that names it. None is ignored.</summary>
public sealed class FaultySettingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A public address at which no server answers, so that the command <c>doctor</c> does not wait for one.</summary>
    private static readonly Settings Unreachable = new() { ["PublicAddress"] = "http://127.0.0.1:1" };

    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData("no such value")]
    [InlineData("12h")]
    [InlineData("")]
    [InlineData("2026-12-26T12:00:00")]
    public async Task Every_setting_that_cannot_be_read_is_named_at_once(string value)
    {
        var settings = ServiceFolder.ForProduction();
        foreach (var key in EverySetting.Typed.Keys)
            settings[key] = value;

        var faults = await FaultsAsync(settings);

        Assert.All(EverySetting.Typed.Keys, key => Assert.Single(faults, fault => fault.StartsWith($"{key} ", StringComparison.Ordinal)));
        Assert.Equal(EverySetting.Typed.Count, faults.Length);
        if (value.Length > 0)
            Assert.All(faults, fault => Assert.Contains($"\"{value}\"", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_value_where_a_list_or_a_section_belongs_is_named()
    {
        var settings = ServiceFolder.ForProduction();
        foreach (var key in EverySetting.Compound)
            settings[key] = "Canary";

        var faults = await FaultsAsync(settings);

        Assert.All(EverySetting.Compound, key => // once for each options class that reads it: two read Jwt
            Assert.Contains(faults, fault => fault.StartsWith($"{key} is no single value: write {key}:", StringComparison.Ordinal)));
        Assert.All(faults, fault => Assert.DoesNotContain("Canary", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_entry_of_a_list_that_has_a_name_and_no_number_is_named()
    {
        var settings = ServiceFolder.ForProduction();
        foreach (var list in EverySetting.Numbered)
            settings[$"{list}:first"] = "Canary";

        var faults = await FaultsAsync(settings);

        Assert.All(EverySetting.Numbered, list =>
            Assert.Single(faults, fault => fault.StartsWith($"{list}:first is not numbered: write {list}:0, ", StringComparison.Ordinal)));
        Assert.Equal(EverySetting.Numbered.Count, faults.Length);
    }

    /// <summary>A list may have gaps, which its validator does not see.</summary>
    [Theory]
    [InlineData("Origins:Trusted:7", "no origin")]
    [InlineData("Passkeys:Origins:7", "no origin")]
    [InlineData("Extension:Policies:_svc:7", "no scope")]
    [InlineData("Encryption:Keys:7:Key", "no key")]
    [InlineData("IdentityProviders:7:Title", "-")]
    public async Task A_fault_behind_a_gap_in_a_list_is_named_by_the_number_that_was_written(string key, string value)
    {
        var entry = key[..(key.IndexOf('7', StringComparison.Ordinal) + 1)];

        var faults = await FaultsAsync(ServiceFolder.ForProduction().With(new() { [key] = value }));

        Assert.Contains(faults, fault => fault.StartsWith($"{key} ", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.StartsWith(entry, fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Jwt:AccessTokenLifetime", "600", "00:10:00")]
    [InlineData("Sessions:Lifetime", "24:00:00", "1.00:00:00")]
    [InlineData("Jwt:AccessTokenLifetime", "6.00:00:01", "at most 6 days, it is")]
    [InlineData("Jwt:SigningKeys:0:RetireAfter", "Sat Dec 26 12:00:00 UTC 2026", "2026-12-26T12:00:00Z")]
    [InlineData("CleanUp:Interval", "00:00:00", "at least")]
    [InlineData("Bootstrap:Admin:Password", "Canary1-Plum", "at least 15 characters")]
    [InlineData("Bootstrap:Admin:Password", "CanaryCanaryCanary", "repeats one pattern")]
    [InlineData("Connections:Maximum", "0", "must be from 1 to 1000000, it is 0")]
    [InlineData("Passwords:MinimumLength", "7", "must be from 8 to 64, it is 7")]
    [InlineData("Passwords:MinimumLengthForAdministrators", "65", "must be from 8 to 64, it is 65")]
    [InlineData("Bootstrap:Admin:Password", "password-Canary", "")]
    [InlineData("Bootstrap:Admin:Id", "a/b", "slash")]
    [InlineData("Bootstrap:Admin:PasswordFile", "data/", "must be the path of a file, it is \"data/\"")]
    [InlineData("Bootstrap:Admin:PasswordFile", "../", "must be the path of a file")]
    [InlineData("Bootstrap:Admin:PasswordFile", "..", "must be the path of a file")]
    [InlineData("ConnectionStrings:Postgres", "postgres://ada:Can@ry@db/auth", "percent-encode")]
    [InlineData("ConnectionStrings:Postgres", "postgres://ada:Canary@db/auth?sslmode=Canary", "sslmode")]
    [InlineData("Encryption:Keys:0:Key", "Canary", "32 bytes")]
    [InlineData("PublicAddress", "https://example.com/auth", "/auth-service")]
    [InlineData("Kestrel:Endpoints:Http:Url", "nonsense", "nonsense")]
    [InlineData("urls", "http://127.0.0.1:0;nonsense", "it is \"nonsense\"")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:80a", "it is \"http://127.0.0.1:80a\"")]
    [InlineData("urls", "http://[::1]:80a", "it is \"http://[::1]:80a\"")]
    [InlineData("urls", "http://localhost:99999", "99999")]
    [InlineData("urls", "ftp://localhost:1", "ftp")]
    [InlineData("urls", "http://localhost:0/path", "/path")]
    [InlineData("http_ports", "8080;80a", "\"80a\"")]
    [InlineData("SETTINGS_FOLDER", "no/such/folder", "must be a folder that is there, it is \"no/such/folder\"")]
    [InlineData("Logging:LogLevel:Default", "Loud", "Loud")]
    [InlineData("Logging:Console:FormatterOptions:IncludeScopes", "perhaps", "IncludeScopes")]
    public async Task A_fault_is_one_line_that_says_what_to_write_at_the_start_and_by_the_doctor(string key, string value, string words)
    {
        var settings = ServiceFolder.ForProduction().With(Unreachable).With(new() { [key] = value });
        var fault = Assert.Single(await FaultsAsync(settings));
        var doctor = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);
        var found = doctor.Output + doctor.Errors;

        Assert.Contains(words, fault, StringComparison.Ordinal);
        if (!key.StartsWith("Logging", StringComparison.Ordinal))
            Assert.StartsWith(key, fault, StringComparison.Ordinal);
        Assert.Contains(fault, found, StringComparison.Ordinal);
        Assert.All(["Canary", "Can@ry", "ry@db"], secret => Assert.DoesNotContain(secret, fault + found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_is_named_with_the_place()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "appsettings.Production.json"), "{\n  \"Jwt\": {\n");

        var fault = Assert.Single(await FaultsOfProcessAsync(ServiceFolder.ForProduction()));

        Assert.Contains("appsettings.Production.json", fault, StringComparison.Ordinal);
        Assert.Contains("LineNumber", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_name_what_cannot_be_read_and_do_nothing()
    {
        var settings = ServiceFolder.ForProduction().With(new() { ["Jwt:AccessTokenLifetime"] = "10m", ["Jwt:SigningKeys:0:ActiveFrom"] = "tomorrow" });

        foreach (var command in new[] { "migrate", "user unlock ada", "session purge", "key list" })
        {
            var result = (await _folder.RunAsync(settings, command.Split(' '))).Refused(1, "  - Jwt:AccessTokenLifetime must be a duration");
            Assert.Contains("  - Jwt:SigningKeys:0:ActiveFrom must be a time with its zone", result.Errors, StringComparison.Ordinal);
        }

        var doctor = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);
        Assert.Contains("WRONG settings: Jwt:AccessTokenLifetime must be a duration", doctor.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "data")));
    }

    [Fact]
    public async Task Without_Unicode_normalization_nothing_starts()
    {
        var invariant = ServiceFolder.ForProduction().With(new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" });

        Assert.Contains("INVARIANT", Assert.Single(await FaultsOfProcessAsync(invariant)), StringComparison.Ordinal);
        (await _folder.RunProcessAsync(invariant, ["user", "add", "ada"])).Refused(1, "INVARIANT");
    }

    [Fact]
    public async Task The_doctor_tells_of_names_that_no_setting_has()
    {
        string[] misspelled = ["Jwt:AccesTokenLifetime", "ConnectionStrings:Postgress", "Database:MigrateOnStrat"];
        var settings = ServiceFolder.ForProduction().With(Unreachable);
        foreach (var name in misspelled)
            settings[name] = "Canary";

        var found = (await _folder.RunProcessAsync(settings, ["doctor"])).Expect(1);

        Assert.All(misspelled, name => Assert.Contains($"note  settings: {name} is no setting", found.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Canary", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weak_settings_are_told_at_the_start_and_by_the_doctor()
    {
        var weak = ServiceFolder.ForProduction().With(Unreachable)
            .With(new() { ["Jwt:AccessTokenLifetime"] = "1.12:00:00", ["RateLimits:Enabled"] = "false" });
        string[] told =
        [
            "Passwords:BcryptCost is 4", "Jwt:AccessTokenLifetime is 1 day 12 hours", "RateLimits:Enabled is false",
            "PublicAddress is http://127.0.0.1:1 and not https", "ConnectionStrings:Postgres is not set: the store is the SQLite file data/authservice.db",
        ];
        await using var service = _folder.Start(weak);
        await service.WaitUntilReadyAsync();

        var doctor = (await _folder.RunProcessAsync(weak, ["doctor"])).Expect(1);

        Assert.All(told, words => Assert.Single(service.Output, line => line.Contains(words, StringComparison.Ordinal)));
        Assert.All(told, words => Assert.Contains($"note  settings: {words}", doctor.Output, StringComparison.Ordinal));
        Assert.Contains("Sessions:IdleTimeout 14 days", doctor.Output, StringComparison.Ordinal);
        Assert.Single(service.Output, line => line.Contains("Sessions:IdleTimeout 14 days", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_does_not_take_every_character_is_refused_in_words()
    {
        var database = await PostgresServer.CreateDatabaseAsync("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        var settings = ServiceFolder.ForProduction().With(new() { ["ConnectionStrings:Postgres"] = database });
        try
        {
            Assert.Contains("LATIN1", Assert.Single(await FaultsOfProcessAsync(settings)), StringComparison.Ordinal);
            (await _folder.RunAsync(settings, ["migrate"])).Refused(1, "LATIN1");
            (await _folder.RunAsync(settings.With(new() { ["Database:MigrateOnStart"] = "false" }), ["session", "purge"])).Refused(1, "LATIN1");
            var doctor = (await _folder.RunAsync(settings, ["doctor"])).Expect(1);
            Assert.Contains("WRONG database: The database has the encoding LATIN1", doctor.Output, StringComparison.Ordinal);
        }
        finally
        {
            await PostgresServer.DropDatabaseAsync(settings["ConnectionStrings:Postgres"]!);
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string[]> FaultsAsync(Settings settings) => FaultsIn((await _folder.RefuseAsync(settings)).Expect(1).Errors.Split('\n'));

    private async Task<string[]> FaultsOfProcessAsync(Settings settings)
    {
        await using var service = _folder.Start(settings);

        Assert.Equal(1, await service.WaitForExitAsync(Patience));

        Assert.DoesNotContain(service.Output.Concat(service.Errors), line =>
            line.Contains("   at ", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal));
        return FaultsIn(service.Errors);
    }

    private static string[] FaultsIn(IEnumerable<string> errors) =>
        [.. errors.Where(line => line.StartsWith("  - ", StringComparison.Ordinal)).Select(line => line[4..])];
}
