using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Failed sign-ins from a known device and failed sign-ins from elsewhere do not lock each other out.</summary>
public abstract class LockoutDeviceTests(AuthHost host)
{
    [Fact]
    public async Task Guesses_from_elsewhere_do_not_lock_a_known_device()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);

        await host.FailAsync(person.Id, 5);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        Assert.Equal(device, await host.SignInAtBrowserAsync(person, device));
        await host.TryLoginFromAsync(device, person.Id, person.Password).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        Assert.True((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
    }

    [Fact]
    public async Task Nor_do_they_by_a_passkey_or_a_code()
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (owner, _) = await host.PasskeyOwnerAsync(authenticator);
        var guarded = await host.GuardedAsync();
        var (ownDevice, guardedDevice) = (await host.SignInAtBrowserAsync(owner), await SignInGuardedAsync());
        await host.FailAsync(owner.Id, 5);
        await host.FailAsync(guarded.Person.Id, 5);

        var prompt = await host.PasskeyPromptAsync();
        await host.TryPasskeyLoginAsync(prompt, authenticator.Get(prompt.Options), "app", ("Cookie", $"device={ownDevice}"))
            .ExpectAsync(HttpStatusCode.OK);
        using var elsewhere = await host.TryLoginAsync(authenticator);
        Assert.Equal(HttpStatusCode.TooManyRequests, elsewhere.StatusCode);
        var begun = await host.TryLoginFromAsync(guardedDevice, guarded.Person.Id, guarded.Person.Password).ExpectAsync(HttpStatusCode.OK);
        await host.TryAnswerAsync(begun.Text("2fa"), host.NextCode(guarded), ("Cookie", $"device={guardedDevice}")).ExpectAsync(HttpStatusCode.OK);

        async Task<string> SignInGuardedAsync()
        {
            var challenge = await host.ChallengeAsync(guarded.Person, "web");
            using var answer = await host.TryAnswerAsync(challenge, host.NextCode(guarded));
            return DeviceCalls.DeviceCookieOf(answer)!.Value;
        }
    }

    [Fact]
    public async Task Guesses_from_a_known_device_lock_that_device_alone()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var (device, other) = (await host.SignInAtBrowserAsync(person), await host.SignInAtBrowserAsync(person));

        foreach (var seconds in new[] { 5, 25 })
        {
            await host.FailFromAsync(device, person.Id, 5);
            using var locked = await host.TryLoginFromAsync(device, person.Id, person.Password);
            await locked.RefusedAsync(HttpStatusCode.TooManyRequests);
            Assert.Equal($"{seconds}", AuthCalls.HeaderOf(locked, "Retry-After"));
            Assert.False((await host.ShowAsync(person.Id)).GetProperty("locked").GetBoolean());
            await host.LoginAsync(person);
            await host.TryLoginFromAsync(other, person.Id, person.Password).ExpectAsync(HttpStatusCode.OK);
            host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public async Task A_device_is_stopped_after_a_hundred_failures_in_a_row()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);

        for (var failed = 0; failed < 100; failed += 4)
        {
            await host.FailFromAsync(device, person.Id, 4);
            host.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        host.Clock.Advance(TimeSpan.FromDays(60));
        await host.TryLoginFromAsync(device, person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task Any_other_cookie_counts_for_the_name()
    {
        using var frozen = host.Clock.Freeze();
        var (person, stranger, nobody) = (await host.CreatePersonAsync(), await host.CreatePersonAsync(), NewName("nobody"));
        var strangers = await host.SignInAtBrowserAsync(stranger);
        string?[] devices = [strangers, strangers, $"device_{new string('A', 43)}", "device_short", null];

        foreach (var name in new[] { person.Id, nobody })
        {
            foreach (var device in devices)
                await host.FailFromAsync(device, name, 1);
            foreach (var device in devices)
                await host.TryLoginFromAsync(device, name, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_device_that_was_forgotten_counts_for_the_name()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);
        var token = (await host.LoginAsync(person)).AccessToken;
        var id = Assert.Single(await host.DevicesAsync(token)).Text("id");
        await host.FailAsync(person.Id, 5);

        await host.DeleteAsync($"{DeviceCalls.Own}/{id}", token).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryLoginFromAsync(device, person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task An_unlock_lifts_the_lock_of_a_device()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);
        await host.FailFromAsync(device, person.Id, 5);

        await host.PostAsync($"{Administration.PathOf(person.Id)}/unlock", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        await host.FailFromAsync(device, person.Id, 4);
        await host.SignInAtBrowserAsync(person, device);
    }

    /// <summary>A success from elsewhere also resets the failures, but it is not possible while the name is locked.</summary>
    [Fact]
    public async Task A_success_on_a_known_device_forgives_failures_of_the_name_but_no_lock()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);
        for (var i = 0; i < 2; i++)
        {
            await host.FailAsync(person.Id, 4);
            await host.SignInAtBrowserAsync(person, device);
        }

        await host.FailAsync(person.Id, 5);
        await host.SignInAtBrowserAsync(person, device);
        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.FailAsync(person.Id, 5);

        Assert.Equal(25, await host.LockedForAsync(person.Id, person.Password));
    }

    [Fact]
    public async Task A_success_clears_the_count_of_the_device()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var device = await host.SignInAtBrowserAsync(person);

        for (var i = 0; i < 3; i++)
        {
            await host.FailFromAsync(device, person.Id, 4);
            await host.SignInAtBrowserAsync(person, device);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LockoutDeviceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LockoutDeviceTests(store.Host);
}
