using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor finds nothing wrong with a healthy service that runs, and says what to repair on a broken one.</summary>
public abstract class DoctorTests(AuthHost host) : IDisposable
{
    private readonly ServiceFolder _folder = new();
    private readonly Settings _settings = ServiceFolder.ForProduction().With(new()
    {
        ["Jwt:Issuer"] = "http://127.0.0.1",
        ["AppPortal:Url"] = AuthHost.Origin,
    });

    [Fact]
    public async Task A_healthy_set_up_is_well()
    {
        await using var own = await host.StartAnotherAsync(_settings);

        var found = (await _folder.RunProcessAsync(SettingsOf(own, own.Address), ["doctor"])).Expect(0);

        Assert.Equal("All is well.", found.Output.TrimEnd().Split('\n')[^1]);
        Assert.DoesNotContain("WRONG", found.Output, StringComparison.Ordinal);
        Assert.All(["settings", "database", "schema", "signing keys", "public address", "published keys", "refresh cookie"], subject =>
            Assert.Contains($"ok    {subject}: ", found.Output, StringComparison.Ordinal));
        Assert.Equal(own.Database.Store is Store.Postgres, found.Output.Contains("ok    clock: ", StringComparison.Ordinal));
        Assert.All(_settings.Values.Where(value => value?.Length > 30), secret => Assert.DoesNotContain(secret!, found.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_schema_that_is_not_current_is_to_be_migrated()
    {
        await using var database = await TestDatabase.CreateAsync(host.Database.Store);

        Finds(await _folder.RunAsync(_settings.With(database.Settings), ["doctor"]), "schema", "migrate");
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_missed()
    {
        await using var own = await host.StartAnotherAsync(_settings); // the shared store has rows that other tests encrypted with other keys

        var found = await ExamineAsync(own, new("http://127.0.0.1:1"));

        Finds(found, "public address", "127.0.0.1:1");
        Assert.Contains("1 of these", found.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_services_keys_at_the_address_are_told_although_they_have_the_same_names()
    {
        await using var own = await host.StartAnotherAsync(_settings);
        await using var stranger = await host.StartAnotherAsync(_settings.With(SigningKeys.At(0, "ES256", _settings["Jwt:SigningKeys:0:KeyId"]!)));

        Finds(await ExamineAsync(own, stranger.Address), "published keys", "test: another set-up");
    }

    [Theory]
    [InlineData("; httponly", "")]
    [InlineData("samesite=strict", "samesite=none")]
    [InlineData("path=/", "path=/auth")]
    [InlineData("; ", ", ")]
    public async Task A_proxy_that_changes_the_cookie_is_told(string attribute, string replacement)
    {
        await using var own = await host.StartAnotherAsync(_settings);
        await using var proxy = await FrontProxy.StartAsync(own);
        (await ExamineAsync(own, proxy.Address)).Expect(0);

        proxy.OnCookie = cookie => cookie.Replace(attribute, replacement, StringComparison.OrdinalIgnoreCase);

        Finds(await ExamineAsync(own, proxy.Address), "refresh cookie", "a browser sees");
    }

    [Fact]
    public async Task A_cookie_that_does_not_arrive_is_told_and_other_cookies_are_not_taken_for_it()
    {
        await using var own = await host.StartAnotherAsync(_settings);
        await using var proxy = await FrontProxy.StartAsync(own);
        proxy.OnCookie = _ => "balancer=1; path=/";

        Finds(await ExamineAsync(own, proxy.Address), "refresh cookie", "a browser gets none");
    }

    [Fact]
    public async Task A_key_that_retires_within_a_week_needs_a_successor_without_a_gap()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var own = await host.StartAnotherAsync(_settings);
        var retires = SigningKeys.Dates(0, retireAfter: now.AddDays(3));

        var (late, timely) = (SigningKeys.At(1, "HS512", "late", activeFrom: now.AddDays(4)), SigningKeys.At(1, "HS512", "timely", activeFrom: now.AddDays(2)));

        Finds(await ExamineAsync(own, own.Address, retires), "signing keys", "none follows");
        Finds(await ExamineAsync(own, own.Address, retires.With(late)), "signing keys", "none follows");
        (await ExamineAsync(own, own.Address, retires.With(timely))).Expect(0);
        (await ExamineAsync(own, own.Address, SigningKeys.Dates(0, retireAfter: now.AddDays(8)))).Expect(0);
        Finds(await ExamineAsync(own, own.Address, SigningKeys.Dates(0, activeFrom: now.AddDays(1))), "signing keys", "none is active");
    }

    [Fact]
    public async Task An_audit_log_that_nobody_shortens_is_told()
    {
        await using var own = await host.StartAnotherAsync(_settings.With(new() { ["CleanUp:Interval"] = "7.00:00:00" }));
        (await ExamineAsync(own, own.Address)).Expect(0);
        var now = TimeProvider.System.GetUtcNow();
        await WriteEntryAsync(own, now.AddDays(-401));
        (await ExamineAsync(own, own.Address)).Expect(0);

        await WriteEntryAsync(own, now.AddDays(-403));

        Finds(await ExamineAsync(own, own.Address), "audit log", $"the oldest is of {now.AddDays(-403):yyyy-MM-dd}");
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void Finds(CommandResult found, string subject, string words)
    {
        found.Expect(1);
        var line = Assert.Single(found.Output.Split('\n'), line => line.StartsWith($"WRONG {subject}: ", StringComparison.Ordinal));
        Assert.Contains(words, line, StringComparison.Ordinal);
    }

    private static Task WriteEntryAsync(AuthHost own, DateTimeOffset at) => own.Database.ExecuteAsync(
        $"INSERT INTO audit_events (at, event, outcome) VALUES ({(at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}, 'unlocked', 0)");

    private Task<CommandResult> ExamineAsync(AuthHost own, Uri address, Settings? others = null) =>
        _folder.RunAsync(SettingsOf(own, address).With(others), ["doctor"]);

    private Settings SettingsOf(AuthHost own, Uri address) =>
        _settings.With(own.Database.Settings).With(new() { ["Jwt:Issuer"] = address.GetLeftPart(UriPartial.Authority) });

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DoctorTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DoctorTests(store.Host);
}
