extern alias package;

using Microsoft.Extensions.Options;
using package::AuthService.Client;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

public sealed class RevocationKnowledgeTests
{
    private static readonly TimeSpan Asleep = TimeSpan.FromMinutes(5);

    /// <summary>A machine that sleeps stops only its monotonic clock. A change of the time stops or turns back only the wall clock.</summary>
    [Theory]
    [InlineData(5, 0)]
    [InlineData(0, 5)]
    [InlineData(5, -60)]
    public void Its_age_is_what_either_clock_says(int monotonicMinutes, int wallMinutes)
    {
        var clock = new TwoClocks();
        var options = new AuthServiceBearerOptions { Issuer = "https://auth.example.com", Revocation = new() { MaxStaleness = TimeSpan.FromMinutes(1) } };
        var knowledge = new RevocationKnowledge(Options.Create(options), clock);
        knowledge.Take(new FeedAnswer("a0", Now: 1, Revoked: []));
        Assert.Equal((TimeSpan.Zero, false), (knowledge.Age, knowledge.IsStale));

        clock.Monotonic += TimeSpan.FromMinutes(monotonicMinutes);
        clock.Wall += TimeSpan.FromMinutes(wallMinutes);

        Assert.Equal((Asleep, true), (knowledge.Age, knowledge.IsStale));
    }
}
