using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>Another service accepts access tokens by the published keys alone.</summary>
public abstract class OfflineValidationTests(AuthHost host)
{
    private const string Keys = "/.well-known/jwks.json";

    [Fact]
    public async Task A_token_is_told_apart_offline_also_after_the_instance_has_stopped()
    {
        await using var instance = await host.StartTwinAsync();
        await using var files = await FileService.StartAsync(instance);
        var person = await host.SignedInPersonAsync(facts: new() { ["email"] = "ada@example.com" });
        await files.SeeAsync(person.AccessToken);

        await instance.DisposeAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(8));
        var seen = await files.SeeAsync(person.AccessToken);

        Assert.Equal(Requests.ClaimsOf(person.AccessToken).Text("sub"), seen.Name);
        Assert.Equal(["all:write"], seen.Scopes);
        Assert.Equal(person.SessionId, seen.SessionId.ToString());
        Assert.Equal("ada@example.com", seen.Email);
        Assert.True(seen is { IsUser: true, IsAdmin: false, Actor: null, ExtendedBy: null, Chain: [], Jti: null });
    }

    [Fact]
    public async Task A_token_ends_with_its_lifetime_and_half_a_minute_of_skew()
    {
        await using var files = await FileService.StartAsync(host);
        var token = (await host.SignedInPersonAsync()).AccessToken;
        using var frozen = host.Clock.Freeze();
        var end = DateTimeOffset.FromUnixTimeSeconds(Requests.ClaimsOf(token).GetProperty("exp").GetInt64());

        host.Clock.Advance(end.AddSeconds(30).AddTicks(-10) - host.Clock.GetUtcNow());
        await files.SeeAsync(token);
        host.Clock.Advance(TimeSpan.FromTicks(10));
        await files.RefuseAsync(token);
    }

    [Fact]
    public async Task Until_keys_can_be_fetched_it_is_503_and_the_handler_does_not_run()
    {
        await using var files = await FileService.StartAsync(host);
        var token = await host.NewAdminTokenAsync();
        files.Gateway.IsDown = true;

        using var response = await files.GetAsync("/me", token);
        await response.ExpectAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal(0, files.Handled);

        files.Gateway.IsDown = false;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.SeeAsync(token);
    }

    [Fact]
    public async Task Requests_that_wait_for_keys_wait_for_one_fetch_and_not_each_for_its_own()
    {
        await using var files = await FileService.StartAsync(host);
        var token = await host.NewAdminTokenAsync();
        using var frozen = host.Clock.Freeze();
        files.Gateway.First = Gateway.Hang(Keys);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", token)));

        Assert.InRange(files.Gateway.CallsOf(Keys), 1, 2); // a second one if this machine took a second to forward the first
    }

    /// <summary>A proxy answers with its own text.</summary>
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"test-es256","alg":"HS256","k":"AA"}]}""")]
    [InlineData("<!DOCTYPE html>")]
    public async Task What_holds_no_public_key_does_not_replace_the_keys_that_are_known(string answer)
    {
        await using var files = await FileService.StartAsync(host);
        var token = await host.NewAdminTokenAsync();
        using var frozen = host.Clock.Freeze();
        await files.SeeAsync(token);
        files.Gateway.First = async context =>
        {
            await context.Response.WriteAsync(answer);
            return true;
        };

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await files.SeeAsync(token);
        await files.SeeAsync(token);

        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    [Fact]
    public async Task Keys_are_fetched_once_by_many_requests_and_again_after_five_minutes()
    {
        await using var files = await FileService.StartAsync(host);
        var token = await host.NewAdminTokenAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => files.SeeAsync(token)));
        Assert.Equal(1, files.Gateway.CallsOf(Keys));

        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => files.SeeAsync(token)));
        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    /// <summary>A thief of a withdrawn key could block the fetch.</summary>
    [Fact]
    public async Task Keys_that_could_not_be_fetched_for_a_day_are_used_no_more()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Jwt:AccessTokenLifetime"] = "3.00:00:00" });
        await using var files = await FileService.StartAsync(own);
        var token = await own.AdminTokenAsync();
        using var frozen = own.Clock.Freeze();
        await files.SeeAsync(token);
        files.Gateway.IsDown = true;

        own.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        await files.SeeAsync(token);
        var handled = files.Handled;
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.ExpectAsync(HttpStatusCode.ServiceUnavailable, "/me", token);
        Assert.Equal(handled, files.Handled);

        files.Gateway.IsDown = false;
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await files.SeeAsync(token);
    }

    [Fact]
    public async Task Keys_change_in_the_middle_and_no_token_is_refused()
    {
        var switchAt = TimeProvider.System.GetUtcNow().AddMinutes(30);
        await using var own = await host.StartAnotherAsync(
            SigningKeys.At(1, "ES384", "second", activeFrom: switchAt).With(SigningKeys.Dates(0, retireAfter: switchAt)));
        await using var files = await FileService.StartAsync(own);
        using var frozen = own.Clock.Freeze();
        own.Clock.Advance(switchAt.AddSeconds(-1) - own.Clock.GetUtcNow());
        var (old, session) = (await own.NewAdminTokenAsync(), await own.SignedInPersonAsync());
        await files.SeeAsync(old);

        own.Clock.Advance(TimeSpan.FromSeconds(1));
        var young = await own.RefreshAsync(session.RefreshToken);

        Assert.Equal(["test-es256", "second"], new[] { old, young }.Select(token => Requests.HeaderOf(token).Text("kid")), StringComparer.Ordinal);
        await files.SeeAsync(old);
        await files.SeeAsync(young);
        Assert.Equal(1, files.Gateway.CallsOf(Keys));
    }

    /// <summary>This happens when an instance with other keys takes over without warning.</summary>
    [Fact]
    public async Task An_unknown_key_makes_for_one_fetch_in_ten_seconds()
    {
        await using var files = await FileService.StartAsync(host);
        await using var twin = await host.StartTwinAsync(SigningKeys.At(0, "ES256", "unheard-of"));
        var stranger = await twin.NewAdminTokenAsync();
        using var frozen = host.Clock.Freeze();
        await files.SeeAsync(await host.NewAdminTokenAsync());

        await files.RefuseAsync(stranger);
        Assert.Equal(1, files.Gateway.CallsOf(Keys));
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => files.RefuseAsync(stranger)));
        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    [Fact]
    public async Task A_new_key_that_comes_without_warning_is_found()
    {
        await using var ahead = await host.StartTwinAsync(SigningKeys.At(1, "PS256", "surprise", activeFrom: host.Clock.GetUtcNow().AddHours(-1)));
        await using var files = await FileService.StartAsync(host);
        await files.SeeAsync(await host.NewAdminTokenAsync());
        var token = await ahead.NewAdminTokenAsync();
        Assert.Equal("surprise", Requests.HeaderOf(token).Text("kid"));

        files.Gateway.LeadTo(ahead);
        host.Clock.Advance(TimeSpan.FromSeconds(10));

        await files.SeeAsync(token);
        Assert.Equal(2, files.Gateway.CallsOf(Keys));
    }

    [Fact]
    public async Task An_impersonated_token_names_who_really_acts()
    {
        await using var files = await FileService.StartAsync(host);
        var (admin, session) = await host.ImpersonatorAsync();
        var other = await host.CreatePersonAsync();
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, other);

        var seen = await files.SeeAsync(await host.RefreshAsync(session.RefreshToken));

        Assert.Equal((other.Id, admin.Id), (seen.Name, seen.Actor));
        Assert.True(seen is { IsUser: true, IsAdmin: false });
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : OfflineValidationTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : OfflineValidationTests(store.Host);
}
