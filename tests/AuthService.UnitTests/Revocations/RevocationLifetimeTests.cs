using System.Reflection;
using AuthService.Configuration;
using AuthService.Revocations;
using AuthService.Sessions.Revoking;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Revocations;

/// <summary>The longest access token expires before its revocation is forgotten.</summary>
public sealed class RevocationLifetimeTests
{
    /// <summary>The skew that the packages allow at most.</summary>
    private static readonly TimeSpan LongestSkew = TimeSpan.FromSeconds(30);

    [Fact]
    public void No_lifetime_that_can_be_set_outlives_a_revocation()
    {
        var configured = typeof(JwtOptions).GetProperty(nameof(JwtOptions.AccessTokenLifetime))!.GetCustomAttribute<DurationAttribute>()!.AtMost;
        var used = RevocationReader.Margin + IdentityRevocation.ClockDifference + LongestSkew;

        Assert.True(configured + used < RevocationReader.Kept);
        Assert.True(RevocationReader.LongestDerived + used < RevocationReader.Kept);
        Assert.Equal(RevocationReader.Kept, EndedSession.Lifetime);
        Assert.True(SigningKeyRing.LongestLifetime <= RevocationReader.LongestDerived);
    }
}
