using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Failed sign-ins lock a name for longer and longer times. Each test stops the clock and advances it itself.</summary>
public abstract class LockoutTests(AuthHost host)
{
    [Fact]
    public async Task The_fifth_failure_is_a_401_and_from_then_on_it_is_429_with_the_right_password_too()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await host.FailAsync(person.Id, 5);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
        Assert.Equal(5, await host.LockedForAsync(person.Id, "wrong"));
    }

    [Fact]
    public async Task Four_failures_lock_nothing()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await host.FailAsync(person.Id, 4);

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task The_first_lock_lasts_5_seconds()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 5);

        Pass(2);
        Assert.Equal(3, await host.LockedForAsync(person.Id, person.Password));
        Pass(2.9);
        Assert.Equal(1, await host.LockedForAsync(person.Id, person.Password));
        Pass(0.1);

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task Each_further_lock_is_five_times_longer_up_to_severity_5()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        foreach (var seconds in new[] { 5, 25, 125, 625, 3125, 3125, 3125 })
        {
            await host.FailAsync(person.Id, 5);
            Pass(seconds - 1);
            Assert.Equal(1, await host.LockedForAsync(person.Id, person.Password));
            Pass(1);
        }
    }

    [Fact]
    public async Task Severity_is_forgotten_an_hour_after_the_last_lock_ended()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var other = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 5);
        await host.FailAsync(other.Id, 5);

        Pass(5 + 3599);
        await host.FailAsync(other.Id, 5);
        Assert.Equal(25, await host.LockedForAsync(other.Id, "wrong"));
        Pass(1);
        await host.FailAsync(person.Id, 5);

        Assert.Equal(5, await host.LockedForAsync(person.Id, "wrong"));
    }

    [Fact]
    public async Task A_success_does_not_make_severity_forgotten()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 5);
        Pass(5);
        await host.LoginAsync(person);

        await host.FailAsync(person.Id, 5);

        Assert.Equal(25, await host.LockedForAsync(person.Id, person.Password));
    }

    [Fact]
    public async Task Failures_count_for_5_minutes_each()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await host.FailAsync(person.Id, 1);
        Pass(240);
        await host.FailAsync(person.Id, 3);
        Pass(61);
        await host.FailAsync(person.Id, 2);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
    }

    [Fact]
    public async Task Failures_older_than_5_minutes_do_not_count()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        await host.FailAsync(person.Id, 1);
        Pass(240);
        await host.FailAsync(person.Id, 3);
        Pass(61);
        await host.FailAsync(person.Id, 1);

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task The_fifth_failure_just_within_5_minutes_locks()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 4);

        Pass(299);
        await host.FailAsync(person.Id, 1);

        Assert.Equal(5, await host.LockedForAsync(person.Id, person.Password));
    }

    [Fact]
    public async Task Attempts_while_locked_neither_count_nor_lengthen()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        await host.FailAsync(person.Id, 5);

        for (var i = 0; i < 10; i++)
            Assert.Equal(5, await host.LockedForAsync(person.Id, "wrong"));
        Pass(4);
        for (var i = 0; i < 10; i++)
            Assert.Equal(1, await host.LockedForAsync(person.Id, "wrong"));
        Pass(1);

        await host.FailAsync(person.Id, 4);
        await host.LoginAsync(person);
    }

    [Fact]
    public async Task A_success_clears_the_count()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();

        for (var i = 0; i < 3; i++)
        {
            await host.FailAsync(person.Id, 4);
            await host.LoginAsync(person);
        }
    }

    private void Pass(double seconds) => host.Clock.Advance(TimeSpan.FromSeconds(seconds));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LockoutTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LockoutTests(store.Host);
}
