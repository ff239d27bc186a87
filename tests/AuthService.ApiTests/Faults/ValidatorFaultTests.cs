using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Services validate access tokens with AuthService.Client while its database is restarted, or the instance that they read is killed. They know how old
/// their list of revocations is, do what their settings say, and afterwards know every revocation that was acknowledged.
/// </summary>
public sealed class ValidatorFaultTests
{
    private const int Revoked = 12;

    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(1);

    /// <summary>The sessions end just before the crash, and no validator has heard of them then.</summary>
    [Fact]
    public async Task The_database_crashes_and_starts_again()
    {
        using var postgres = await PostgresInstance.PrepareAsync();
        await postgres.StartAsync("synchronous_commit=on");
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(postgres));
        await using var validators = await Validators.StartAsync(host, "http://localhost");
        var (known, kept, later, revoked) = await SignInAsync(host);
        await SignOutAsync(host, known);
        await validators.LearnOfAsync(known);

        await validators.CutOffAsync();
        foreach (var session in revoked)
            await SignOutAsync(host, session);
        await postgres.CrashAsync();
        validators.LeadTo(host.Address);
        await validators.UntilTheyHavePolledAsync();
        host.Clock.Advance(Outage);
        await validators.ExpectStaleAsync(Outage, known, [revoked[0], kept]);
        await postgres.StartAgainAsync();

        await validators.ExpectCaughtUpAsync([.. revoked, known], kept);
        await Eventually.TrueAsync(() => IsSignedOutAsync(host, later));
        await validators.LearnOfAsync(later);
        ProofTable.Add("Faults", "Validators while PostgreSQL crashed and started again", $"{revoked.Length} revocations just before, 0 missed");
    }

    /// <summary>The sessions end at another instance while the validators still call the one that was killed.</summary>
    [Fact]
    public async Task The_instance_that_they_read_is_killed()
    {
        using var folder = new ServiceFolder();
        var settings = ServiceFolder.ForProduction();
        await using var database = await TestDatabase.CreateMigratedAsync(Store.Postgres);
        await using var survivor = await AuthHost.StartOnAsync(database, KeysOf(settings));
        await using var victim = folder.Start(settings.With(database.Settings));
        await victim.WaitUntilReadyAsync();
        await using var validators = await Validators.StartAsync(survivor, settings["Jwt:Issuer"]!);
        var (known, kept, later, revoked) = await SignInAsync(survivor);

        validators.LeadTo(victim.Http.BaseAddress!);
        await validators.UntilTheyHavePolledAsync();
        await SignOutAsync(survivor, known);
        await validators.LearnOfAsync(known);
        await victim.SignalAsync("KILL");
        foreach (var session in revoked)
            await SignOutAsync(survivor, session);
        await validators.UntilTheyHavePolledAsync();
        survivor.Clock.Advance(Outage);
        await validators.ExpectStaleAsync(Outage, known, [revoked[0], kept]);
        validators.LeadTo(survivor.Address);

        await validators.ExpectCaughtUpAsync([.. revoked, known], kept);
        await SignOutAsync(survivor, later);
        await validators.LearnOfAsync(later);
        ProofTable.Add("Faults", "Validators whose instance was killed", $"{revoked.Length} revocations meanwhile, 0 missed");
    }

    private static async Task<(SignedIn Known, SignedIn Kept, SignedIn Later, SignedIn[] Revoked)> SignInAsync(AuthHost host) =>
    (
        await host.SignedInPersonAsync(),
        await host.SignedInPersonAsync(),
        await host.SignedInPersonAsync(),
        await Task.WhenAll(Enumerable.Range(0, Revoked).Select(_ => host.SignedInPersonAsync())));

    private static async Task SignOutAsync(AuthHost host, SignedIn session) =>
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

    /// <summary>Signs out where the database has just come back. A refusal by 503 may have been committed.</summary>
    private static async Task<bool> IsSignedOutAsync(AuthHost host, SignedIn session)
    {
        using var response = await host.PostAsync("/auth/logout", session.RefreshToken);
        return response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Unauthorized;
    }

    /// <summary>Gets the settings by which two instances accept each other's tokens and read each other's secrets.</summary>
    private static Settings KeysOf(Settings settings)
    {
        var keys = new Settings();
        foreach (var (key, value) in settings.Where(setting => setting.Key.StartsWith("Jwt:", StringComparison.Ordinal)
            || setting.Key.StartsWith("Encryption:", StringComparison.Ordinal)))
            keys[key] = value;
        return keys;
    }
}
