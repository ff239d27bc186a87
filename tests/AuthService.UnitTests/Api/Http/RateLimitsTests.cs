using System.Net;
using System.Security.Claims;
using AuthService.Api.Http;
using AuthService.Api.Http.Limits;
using AuthService.UnitTests.Tokens;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>Each call is counted against the correct rate limit.</summary>
public sealed class RateLimitsTests
{
    private static readonly Surface Limiting = new("/limits", "limits", "", typeof(object), error => error, _ => { }) { LimitsCallers = true };
    private static readonly Surface Free = new("/free", "free", "", typeof(object), error => error, _ => { });

    private readonly RateLimits _limits = new(
        new FixedOptions<RateLimitOptions>(new()
        {
            LoginPerIpPerMinute = 1,
            PerIpPerSecond = 2,
            PerServiceBurst = 50,
            PerServicePerSecond = 10,
            ApiPerCallerPerSecond = 3,
        }),
        new StillClock());

    [Fact]
    public void A_caller_has_a_budget_wherever_they_call_from()
    {
        for (var call = 0; call < 3; call++)
            Assert.Null(_limits.TryTake(Call(Limiting, $"192.0.2.{call}", caller: "_shop")));

        Assert.NotNull(_limits.TryTake(Call(Limiting, "192.0.2.99", caller: "_shop")));
        Assert.Null(_limits.TryTake(Call(Limiting, "192.0.2.99", caller: "_other")));
    }

    [Fact]
    public void A_surface_that_does_not_limit_its_callers_leaves_them_their_own_budget()
    {
        for (var call = 0; call < 50; call++)
            Assert.Null(_limits.TryTake(Call(Free, "192.0.2.1", caller: "_shop")));

        Assert.Equal(TimeSpan.FromMilliseconds(100), _limits.TryTake(Call(Free, "192.0.2.2", caller: "_shop")));
        Assert.Null(_limits.TryTake(Call(Free, "192.0.2.1", caller: "_other")));
    }

    [Fact]
    public void Calls_without_credentials_that_hold_are_the_address_s_on_all_surfaces_together()
    {
        Assert.Null(_limits.TryTake(Call(Limiting, "192.0.2.1")));
        Assert.Null(_limits.TryTake(Call(Free, "192.0.2.1")));

        Assert.NotNull(_limits.TryTake(Call(Free, "192.0.2.1")));
        Assert.Null(_limits.TryTake(Call(Free, "192.0.2.2")));
        Assert.Null(_limits.TryTake(Call(Limiting, "192.0.2.1", caller: "_shop")));
    }

    [Fact]
    public void Where_passwords_are_judged_an_address_has_fewer_calls()
    {
        Assert.Null(_limits.TryTake(Call(Free, "192.0.2.1", metadata: ChecksPasswords.Metadata)));

        Assert.Equal(TimeSpan.FromMinutes(1), _limits.TryTake(Call(Free, "192.0.2.1", metadata: ChecksPasswords.Metadata)));
    }

    [Fact]
    public void What_belongs_to_no_surface_is_free()
    {
        for (var call = 0; call < 100; call++)
            Assert.Null(_limits.TryTake(Call(surface: null, "192.0.2.1")));
    }

    private static DefaultHttpContext Call(Surface? surface, string address, string? caller = null, object? metadata = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.SetEndpoint(new Endpoint(
            requestDelegate: null, new EndpointMetadataCollection(new[] { surface, metadata }.OfType<object>()), displayName: null));
        if (caller is not null)
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimsIdentity.DefaultNameClaimType, caller)], "Bearer"));
        return context;
    }
}
