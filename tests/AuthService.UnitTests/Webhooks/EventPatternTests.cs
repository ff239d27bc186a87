using AuthService.Audit;
using AuthService.Webhooks;
using Xunit;

namespace AuthService.UnitTests.Webhooks;

/// <summary>A webhook receives the events that its patterns match.</summary>
public sealed class EventPatternTests
{
    [Theory]
    [InlineData(null, "sign_in", true)]
    [InlineData(null, "sign_in.refused", false)]
    [InlineData("sign_in", "sign_in", true)]
    [InlineData("sign_in", "sign_in_locked", false)]
    [InlineData("sign_in", "sign_in.refused", false)]
    [InlineData("sign_in.refused", "sign_in.refused", true)]
    [InlineData("sign_in.refused", "sign_in", false)]
    [InlineData("sign_*", "sign_in_locked", true)]
    [InlineData("sign_*", "sign_in.refused", false)]
    [InlineData("sign_*.refused", "sign_in.refused", true)]
    [InlineData("sign_*.refused", "sign_in", false)]
    [InlineData("*", "session_revoked", true)]
    [InlineData("*", "session_revoked.refused", false)]
    [InlineData("*.refused", "session_revoked.refused", true)]
    [InlineData("session_revoked *.refused", "sign_in.refused", true)]
    public void A_pattern_chooses_successes_or_refusals(string? patterns, string type, bool matches) =>
        Assert.Equal(matches, EventPattern.Matches(patterns?.Split(' '), type));

    [Theory]
    [InlineData("sign_in", true)]
    [InlineData("sign_in.refused", true)]
    [InlineData("session_*", true)]
    [InlineData("*", true)]
    [InlineData("*.refused", true)]
    [InlineData("", false)]
    [InlineData("SIGN_IN", false)]
    [InlineData("sign", false)]
    [InlineData("nothing_*", false)]
    [InlineData("sign_in.", false)]
    [InlineData("sign_in.success", false)]
    [InlineData(".refused", false)]
    [InlineData("*_revoked", false)]
    [InlineData("ping", false)]
    public void A_pattern_that_no_event_has_is_told(string pattern, bool known) => Assert.Equal(known, EventPattern.IsKnown(pattern));

    [Fact]
    public void What_a_replay_looks_for_is_what_the_patterns_choose()
    {
        Assert.Equal(AuditEvents.All.Count, EventPattern.NamesOf(patterns: null, AuditOutcome.Success).Length);
        Assert.Empty(EventPattern.NamesOf(patterns: null, AuditOutcome.Refused));
        Assert.Equal(["sign_in"], EventPattern.NamesOf(["sign_in.refused", "token_revoked"], AuditOutcome.Refused));
        Assert.Equal(["token_revoked"], EventPattern.NamesOf(["sign_in.refused", "token_revoked"], AuditOutcome.Success));
    }
}
