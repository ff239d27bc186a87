using System.Net;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public abstract class HostTests(AuthHost host)
{
    [Fact]
    public async Task Two_instances_stand_on_one_database()
    {
        await using var twin = await host.StartTwinAsync();
        var session = await host.SignedInPersonAsync();

        var refreshed = await twin.RefreshAsync(session.RefreshToken);

        Assert.Equal(session.SessionId, Requests.ClaimsOf(refreshed).Text("sid"));
    }

    [Fact]
    public async Task Another_instance_has_settings_and_people_of_its_own()
    {
        await using var another = await host.StartAnotherAsync(new() { ["Jwt:Issuer"] = "http://another" });
        var person = await host.CreatePersonAsync();

        await another.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);

        Assert.Equal("http://another", Requests.ClaimsOf(await another.NewAdminTokenAsync()).Text("iss"));
    }

    [Fact]
    public async Task The_clock_stands_still_and_moves_when_told()
    {
        using var frozen = host.Clock.Freeze();
        var before = Requests.ClaimsOf(await host.NewAdminTokenAsync()).GetProperty("iat").GetInt64();

        host.Clock.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(before + 7, Requests.ClaimsOf(await host.NewAdminTokenAsync()).GetProperty("iat").GetInt64());
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : HostTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : HostTests(store.Host);
}
