using System.Text.Json;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;
using AuthService.UnitTests.Principals;
using Xunit;

namespace AuthService.UnitTests.Sessions;

/// <summary>The <c>act</c> claim names the administrator first, even when a service began the impersonation in their name.</summary>
public sealed class ActorClaimTests
{
    [Fact]
    public void Nobody_where_nobody_impersonates() => Assert.Null(Claim(actor: null, service: null));

    [Fact]
    public void The_administrator_alone_where_they_did_it_themselves() =>
        Assert.Equal("""{"sub":"root"}""", JsonSerializer.Serialize(Claim(TestPeople.Person("root"), service: null)));

    [Fact]
    public void The_service_below_the_administrator_in_whose_name_it_did_it() =>
        Assert.Equal("""{"sub":"root","act":{"sub":"_svc"}}""", JsonSerializer.Serialize(Claim(TestPeople.Person("root"), "_svc")));

    private static ActorClaim? Claim(Principal? actor, string? service)
    {
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            PrincipalNumber = 1,
            SecurityStamp = 0,
            CreatedAt = now,
            LastUsedAt = now,
            SuspendAt = now,
            ExpireAt = now,
            IdleTimeout = TimeSpan.Zero,
            Scopes = ["all:write"],
            ActorService = service,
        };
        return new SessionWithPrincipals(session, TestPeople.Ada(), actor).CreateActorClaim();
    }
}
