extern alias package;

using System.Buffers.Text;
using System.Text.Json;
using AuthService.Tokens;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>Each kind of entry refuses its tokens and no others.</summary>
public sealed class RevocationSetTests
{
    private const long At = 1_764_362_400;
    private static readonly Guid Session = Guid.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01900000-0000-7000-8000-000000000002");
    private static readonly CheckedToken OfSession = new("a.b.AAAA", "ada", At, HasSession: true, Session);
    private static readonly CheckedToken WithoutSession = new("a.b.AAAA", "ada", At);

    [Fact]
    public void A_session_s_entry_refuses_all_of_its_tokens_and_no_other()
    {
        var set = SetOf($$"""{"sid":"{{Session}}","until":{{At}}}""");

        Assert.True(set.Refuses(OfSession));
        Assert.True(set.Refuses(OfSession with { Subject = "eve", IssuedAt = At + 1000 }));
        Assert.False(set.Refuses(OfSession with { SessionId = Other }));
        Assert.False(set.Refuses(WithoutSession));
        Assert.False(set.Refuses(WithoutSession with { ApiKeyId = Session }));
    }

    [Fact]
    public void An_identity_s_entry_refuses_what_the_session_was_issued_as_that_principal_before()
    {
        var set = SetOf($$"""{"sid":"{{Session}}","sub":"ada","before":{{At}}.5,"until":{{At}}}""");

        Assert.True(set.Refuses(OfSession));
        Assert.False(set.Refuses(OfSession with { IssuedAt = At + 1 }));
        Assert.False(set.Refuses(OfSession with { Subject = "eve" }));
        Assert.False(set.Refuses(OfSession with { Subject = "Ada" }));
        Assert.False(set.Refuses(OfSession with { SessionId = Other }));
        Assert.False(set.Refuses(WithoutSession));
    }

    [Fact]
    public void The_moment_itself_is_not_before_it() =>
        Assert.False(SetOf($$"""{"sid":"{{Session}}","sub":"ada","before":{{At}},"until":{{At}}}""").Refuses(OfSession));

    [Fact]
    public void A_principal_s_entry_refuses_lower_stamps_and_only_tokens_without_a_session()
    {
        var set = SetOf($$"""{"sub":"ada","before":{{At}}.5,"securityStamp":4,"until":{{At}}}""");

        Assert.True(set.Refuses(WithoutSession with { SecurityStamp = 3 }));
        Assert.True(set.Refuses(WithoutSession with { SecurityStamp = 3, IssuedAt = At + 1000 }));
        Assert.False(set.Refuses(WithoutSession with { SecurityStamp = 4 }));
        Assert.False(set.Refuses(WithoutSession with { SecurityStamp = 4, IssuedAt = At - 1000 }));
        Assert.True(set.Refuses(WithoutSession));
        Assert.False(set.Refuses(WithoutSession with { IssuedAt = At + 1 }));
        Assert.False(set.Refuses(WithoutSession with { Subject = "eve", SecurityStamp = 1 }));
        Assert.False(set.Refuses(OfSession with { SecurityStamp = 1 }));
    }

    [Fact]
    public void An_api_key_s_entry_refuses_what_was_issued_for_it()
    {
        var set = SetOf($$"""{"apiKeyId":"{{Session}}","until":{{At}}}""");

        Assert.True(set.Refuses(WithoutSession with { ApiKeyId = Session }));
        Assert.False(set.Refuses(WithoutSession with { ApiKeyId = Other }));
        Assert.False(set.Refuses(WithoutSession));
        Assert.False(set.Refuses(OfSession));
    }

    [Fact]
    public void A_token_s_entry_refuses_that_token_alone()
    {
        var set = SetOf($$"""{"tokenHash":"{{Base64Url.EncodeToString(TokenFingerprint.Of("a.b.AAAA"))}}","until":{{At}}}""");

        Assert.True(set.Refuses(WithoutSession));
        Assert.True(set.Refuses(OfSession with { IsForOneUse = true }));
        Assert.True(set.Refuses(OfSession with { ExtendedByChain = ["_svc"] }));
        Assert.False(set.Refuses(OfSession)); // it is revoked with its session, so that it is not hashed
        Assert.False(set.Refuses(WithoutSession with { Text = "a.c.AAAA" }));
        Assert.False(set.Refuses(WithoutSession with { Text = "a.b.BBBB" }));
    }

    [Fact]
    public void An_extender_s_entry_refuses_what_it_narrowed_before()
    {
        var set = SetOf($$"""{"extendedBy":"_svc","before":{{At}}.5,"until":{{At}}}""");

        Assert.True(set.Refuses(OfSession with { ExtendedByChain = ["_svc"] }));
        Assert.True(set.Refuses(WithoutSession with { ExtendedByChain = ["_other", "_svc"] }));
        Assert.False(set.Refuses(OfSession with { ExtendedByChain = ["_svc"], IssuedAt = At + 1 }));
        Assert.False(set.Refuses(OfSession with { ExtendedByChain = ["_other"] }));
        Assert.False(set.Refuses(OfSession with { Subject = "_svc" }));
        Assert.False(set.Refuses(WithoutSession with { Subject = "_svc" }));
    }

    [Theory]
    [InlineData("""{"until":9}""")]
    [InlineData("""{"sid":"01900000-0000-7000-8000-000000000001"}""")]
    [InlineData("""{"sid":"x","until":9}""")]
    [InlineData("""{"sid":["01900000-0000-7000-8000-000000000001"],"until":9}""")]
    [InlineData("""{"sid":"01900000-0000-7000-8000-000000000001","sub":"ada","until":9}""")]
    [InlineData("""{"sid":"01900000-0000-7000-8000-000000000001","before":99999999999,"until":9}""")]
    [InlineData("""{"sid":"01900000-0000-7000-8000-000000000001","sub":"ada","before":99999999999,"securityStamp":9,"until":9}""")]
    [InlineData("""{"sub":"ada","before":99999999999,"until":9}""")]
    [InlineData("""{"sub":"ada","securityStamp":9,"until":9}""")]
    [InlineData("""{"tokenHash":"AAAA","until":9}""")]
    [InlineData("""{"client":"c1","until":9}""")]
    [InlineData("""{"extendedBy":"_svc","until":9}""")]
    [InlineData("""{"extendedBy":"_svc","sub":"ada","before":99999999999,"securityStamp":9,"until":9}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public void An_entry_of_an_unknown_kind_is_counted_and_refuses_nothing(string entry)
    {
        var set = new RevocationSet();

        Assert.Equal(1, set.Add(Read([entry])));

        Assert.Equal(0, set.Count);
        Assert.False(set.Refuses(OfSession));
        Assert.False(set.Refuses(WithoutSession));
    }

    [Fact]
    public void A_member_that_is_not_known_changes_nothing() =>
        Assert.True(SetOf($$"""{"sid":"{{Session}}","until":{{At}},"reason":"logout"}""").Refuses(OfSession));

    [Fact]
    public void An_entry_is_dropped_after_its_end_and_not_at_it()
    {
        string[] entries =
        [
            $$"""{"sid":"{{Session}}","until":{{At}}.25}""",
            $$"""{"sid":"{{Session}}","sub":"ada","before":{{At}},"until":{{At}}.25}""",
            $$"""{"sub":"ada","before":{{At}},"securityStamp":2,"until":{{At}}.25}""",
            $$"""{"apiKeyId":"{{Session}}","until":{{At}}.25}""",
            $$"""{"tokenHash":"{{new string('A', 43)}}","until":{{At}}.25}""",
            $$"""{"extendedBy":"_svc","before":{{At}},"until":{{At}}.25}""",
            $$"""{"sid":"{{Other}}","until":{{At + 1}}}""",
        ];
        var set = SetOf(entries);
        Assert.Equal(7, set.Count);

        set.Forget(At + 0.25);
        Assert.Equal(7, set.Count);
        set.Forget(At + 0.5);

        Assert.Equal(1, set.Count);
        Assert.False(set.Refuses(OfSession));
        Assert.True(set.Refuses(OfSession with { SessionId = Other }));
    }

    [Fact]
    public void The_widest_of_several_that_name_the_same_is_kept()
    {
        var set = SetOf(
            $$"""{"sid":"{{Session}}","until":{{At + 9}}}""",
            $$"""{"sid":"{{Session}}","until":{{At}}}""",
            $$"""{"sub":"ada","before":{{At}},"securityStamp":7,"until":{{At + 9}}}""",
            $$"""{"sub":"ada","before":{{At - 9}},"securityStamp":5,"until":{{At}}}""");

        set.Forget(At + 1);

        Assert.Equal(2, set.Count);
        Assert.True(set.Refuses(OfSession));
        Assert.True(set.Refuses(WithoutSession with { SecurityStamp = 6 }));
        Assert.True(set.Refuses(WithoutSession with { IssuedAt = At - 5 }));
    }

    internal static RevocationSet SetOf(params string[] entries)
    {
        var set = new RevocationSet();
        Assert.Equal(0, set.Add(Read(entries)));
        return set;
    }

    private static IEnumerable<Revocation?> Read(string[] entries) => entries.Select(entry =>
    {
        using var json = JsonDocument.Parse(entry);
        return Revocation.Read(json.RootElement);
    });
}
