using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>The rate limit of an address counts every sign-in, independently of the lockout of a name.</summary>
public abstract class SignInLimitTests(AuthHost host)
{
    [Fact]
    public async Task A_sign_in_that_is_refused_for_its_number_is_no_failure_and_judges_nothing()
    {
        var person = await host.CreatePersonAsync();
        await using var limited = await StartAsync(perMinute: 4);
        using var frozen = host.Clock.Freeze();
        for (var call = 0; call < 4; call++)
            await limited.TryLoginAsync(person.Id, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);

        for (var call = 0; call < 10; call++)
            await limited.TryLoginAsync(person.Id, "wrong").RefusedAsync(HttpStatusCode.TooManyRequests);
        await limited.TryLoginAsync(person.Id, person.Password).RefusedAsync(HttpStatusCode.TooManyRequests);

        await host.LoginAsync(person);
    }

    [Fact]
    public async Task It_counts_names_and_right_passwords_alike()
    {
        var people = await Task.WhenAll(host.CreatePersonAsync(), host.CreatePersonAsync());
        await using var limited = await StartAsync(perMinute: 3);
        using var frozen = host.Clock.Freeze();

        await limited.LoginAsync(people[0]);
        await limited.TryLoginAsync("nobody", "wrong").RefusedAsync(HttpStatusCode.Unauthorized);
        await limited.LoginAsync(people[1]);

        await limited.TryLoginAsync(people[1].Id, people[1].Password).RefusedAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task It_leaves_those_who_are_signed_in_alone()
    {
        var session = await host.SignedInPersonAsync();
        await using var limited = await StartAsync(perMinute: 1);
        using var frozen = host.Clock.Freeze();
        await limited.TryLoginAsync("nobody", "wrong").RefusedAsync(HttpStatusCode.Unauthorized);
        await limited.TryLoginAsync("nobody", "wrong").RefusedAsync(HttpStatusCode.TooManyRequests);

        await limited.RefreshAsync(session.RefreshToken);
        await limited.GetAsync("/auth/sessions", session.AccessToken).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_minute_s_sign_ins_in_parallel_are_exactly_as_many_as_allowed()
    {
        await using var limited = await StartAsync(perMinute: 6);
        using var frozen = host.Clock.Freeze();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => limited.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)));

        Assert.Equal(6, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        Assert.Equal(54, answers.Count(answer => answer.StatusCode is HttpStatusCode.TooManyRequests));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    private Task<AuthHost> StartAsync(int perMinute) =>
        host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:LoginPerIpPerMinute"] = $"{perMinute}" });

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SignInLimitTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SignInLimitTests(store.Host);
}
