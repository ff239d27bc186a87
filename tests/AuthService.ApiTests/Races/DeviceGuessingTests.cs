using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Someone guesses the password of a person with a known device. Guesses made elsewhere do not lock the owner out on that device. Guesses made with
/// its cookie do not lock the owner out elsewhere.
/// </summary>
public abstract class DeviceGuessingTests(Twins twins)
{
    [Fact]
    public async Task The_owner_signs_in_from_a_known_device_while_200_guesses_are_made_elsewhere()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("200 wrong passwords elsewhere, the owner on a known device", Effort.Of(4, 50), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var device = await KnownDeviceAsync(round.Either(), person);

            var guesses = round.Start(200, (instance, _) => StatusAsync(instance, device: null, person.Id, "wrong"));
            await round.PauseAsync();
            var during = await StatusAsync(round.Either(), device, person.Id, person.Password);
            var judged = (await Task.WhenAll(guesses)).Count(status => status is HttpStatusCode.Unauthorized);

            Assert.Equal(HttpStatusCode.OK, during);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(round.Either(), device, person.Id, person.Password));
            Assert.InRange(judged, 5, 9); // the owner's success may remove up to four of them from the count, as a success for the name does
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(round.Either(), device: null, person.Id, person.Password));
        });
    }

    [Fact]
    public async Task Of_200_guesses_with_a_stolen_cookie_five_are_judged()
    {
        using var frozen = twins.One.Clock.Freeze();
        await twins.PlayAsync("200 wrong passwords with a stolen device cookie", Effort.Of(4, 50), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var device = await KnownDeviceAsync(round.Either(), person);

            var statuses = await round.AtOnceAsync(200, (instance, _) => StatusAsync(instance, device, person.Id, "wrong"));

            Assert.Equal(5, statuses.Count(status => status is HttpStatusCode.Unauthorized));
            Assert.Equal(195, statuses.Count(status => status is HttpStatusCode.TooManyRequests));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(round.Either(), device: null, person.Id, person.Password));
        });
    }

    [Fact]
    public async Task No_device_that_signs_in_during_a_change_of_the_password_is_known_afterwards()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("sign-ins at browsers against a new password", Effort.Of(40, 1_000), async round =>
        {
            var (person, next) = (await round.Either().CreatePersonAsync(), NewPassword());
            var devices = round.Start(round.Between(2, 4), (instance, _) => instance.TryLoginAsync(person.Id, person.Password, "web"));
            await round.PauseAsync();

            await round.Either().PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = next }).ExpectAsync(HttpStatusCode.NoContent);
            Array.ForEach(await Task.WhenAll(devices), response => response.Dispose());

            var instance = round.Either();
            var session = await Repeats.WhileUnavailableAsync(() => instance.TryLoginAsync(person.Id, next)).ExpectAsync(HttpStatusCode.OK);
            Assert.Empty(await instance.DevicesAsync(session.Text("accessToken")));
        });
    }

    private static async Task<string> KnownDeviceAsync(AuthHost instance, Person person)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryLoginAsync(person.Id, person.Password, "web"));
        await response.ExpectAsync(HttpStatusCode.OK);
        return DeviceCalls.DeviceCookieOf(response)!.Value;
    }

    private static async Task<HttpStatusCode> StatusAsync(AuthHost instance, string? device, string name, string password)
    {
        using var response = await Repeats.WhileUnavailableAsync(() => instance.TryLoginFromAsync(device, name, password));
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : DeviceGuessingTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : DeviceGuessingTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : DeviceGuessingTests(twins);
}
