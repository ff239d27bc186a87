using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Calls on known devices at the same time, on both instances.</summary>
public abstract class DeviceRaceTests(Twins twins)
{
    [Fact]
    public Task However_often_a_browser_signs_in_at_once_it_is_one_device() =>
        twins.PlayAsync("sign-ins at one browser", Effort.Of(10, 1_000), async round =>
        {
            var (person, other) = (await twins.One.CreatePersonAsync(), await twins.One.CreatePersonAsync());
            var browser = await round.Either().SignInAtBrowserAsync(other);

            var devices = await round.AtOnceAsync(round.Between(2, 5), (instance, _) => SignInAsync(instance, person, browser));

            Assert.All(devices, device => Assert.Equal(browser, device));
            Assert.Equal(1, await CountAsync(person));
        });

    /// <summary>
    /// A sign-in before the deletion made it a known device that is forgotten with the others. A sign-in after it makes it a new device.
    /// </summary>
    [Fact]
    public Task Forgetting_a_device_during_a_sign_in_leaves_one_or_none() =>
        twins.PlayAsync("a device forgotten against a sign-in", Effort.Of(20, 1_000), async round =>
        {
            var person = await twins.One.CreatePersonAsync();
            var browser = await round.Either().SignInAtBrowserAsync(person);
            var token = (await round.Either().LoginAsync(person)).AccessToken;
            var id = Assert.Single(await round.Either().DevicesAsync(token)).Text("id");

            var signingIn = round.Start(1, (instance, _) => SignInAsync(instance, person, browser))[0];
            await round.PauseAsync();
            await round.Either().DeleteAsync($"{DeviceCalls.Own}/{id}", token).ExpectAsync(HttpStatusCode.NoContent);
            var kept = await signingIn;

            var left = await round.Either().DevicesAsync(token, kept);
            Assert.InRange(left.Length, 0, 1);
            Assert.All(left, device => Assert.True(device.GetProperty("current").GetBoolean()));
            Assert.DoesNotContain(left, device => device.Text("id") == id);
        });

    private Task<long> CountAsync(Person person) => twins.One.Database.CountAsync(
        $"known_devices JOIN principals ON number = principal_number WHERE principals.id = '{person.Id}'");

    private static async Task<string> SignInAsync(AuthHost instance, Person person, string device)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryLoginFromAsync(device, person.Id, person.Password, "web"));
        await response.ExpectAsync(HttpStatusCode.OK);
        return DeviceCalls.DeviceCookieOf(response)!.Value;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : DeviceRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : DeviceRaceTests(twins);
}
