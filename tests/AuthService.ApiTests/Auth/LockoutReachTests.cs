using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>A lock concerns one name in all its spellings, and neither other names nor existing sessions.</summary>
public abstract class LockoutReachTests(AuthHost host)
{
    [Fact]
    public async Task Others_are_not_locked_and_neither_are_running_sessions()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var stranger = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);

        await host.FailAsync(person.Id, 5);

        await host.LoginAsync(stranger);
        await host.UseAsync(session);
        await host.SessionsAsync(session.AccessToken);
    }

    [Fact]
    public async Task What_is_refused_unread_does_not_count()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        for (var i = 0; i < 6; i++)
        {
            await host.TryLoginAsync(person.Id, "wrong", "app", ("Origin", "https://evil.example")).RefusedAsync(HttpStatusCode.Forbidden);
            await host.TryLoginAsync(person.Id, "wrong", "no such service").RefusedAsync(HttpStatusCode.BadRequest);
            await host.TryLoginAsync(person.Id, new string('x', 257)).RefusedAsync(HttpStatusCode.BadRequest);
        }

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task An_administrator_unlocks()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 5);
        var admin = await host.AdminTokenAsync();
        var path = $"/admin/principals/{person.Id}";
        Assert.True((await host.GetAsync(path, admin).ExpectAsync(HttpStatusCode.OK)).GetProperty("locked").GetBoolean());

        await host.PostAsync($"{path}/unlock", admin).ExpectAsync(HttpStatusCode.NoContent);

        Assert.False((await host.GetAsync(path, admin).ExpectAsync(HttpStatusCode.OK)).GetProperty("locked").GetBoolean());
        await host.FailAsync(person.Id, 4);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_locked_in_the_same_words()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var nobody = NewName("nobody");

        await host.FailAsync(person.Id, 5);
        await host.FailAsync(nobody, 5);

        var known = await host.TryLoginAsync(person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
        var unknown = await host.TryLoginAsync(nobody, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(known, unknown);
        Assert.Equal(5, await host.LockedForAsync(nobody, "wrong"));
    }

    [Fact]
    public async Task All_spellings_of_a_name_are_counted_together()
    {
        using var frozen = host.Clock.Freeze();
        var id = NewName("Kim");
        var person = await host.CreatePersonAsync(new() { ["id"] = id });
        string[] spellings = [id, id.ToUpperInvariant(), id.ToLowerInvariant(), $"\u212A{id[1..]}", $"\uFF2B{id[1..]}"];

        foreach (var spelling in spellings)
            await host.FailAsync(spelling, 1);

        foreach (var spelling in spellings)
            Assert.Equal(5, await host.LockedForAsync(spelling, person.Password));
    }

    /// <summary>Keyboards of phones add spaces, and copied text contains invisible characters.</summary>
    [Fact]
    public async Task Blanks_and_invisible_characters_at_the_ends_are_not_part_of_the_name()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        string[] typed = [$"{person.Id} ", $" {person.Id}", $"{person.Id}\u200B", $"\uFEFF{person.Id}\u00A0", $"\u2060\t{person.Id}\r\n"];

        foreach (var name in typed)
            await host.LoginAsync(name, person.Password);
        foreach (var name in typed)
            await host.FailAsync(name, 1);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        await host.TryLoginAsync(" \u200B", person.Password).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Two_instances_count_together()
    {
        await using var twin = await host.StartTwinAsync();
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await host.FailAsync(person.Id, 3);
        await twin.TryLoginAsync(person.Id, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);
        await twin.TryLoginAsync(person.Id, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        await twin.TryLoginAsync(person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LockoutReachTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LockoutReachTests(store.Host);
}
