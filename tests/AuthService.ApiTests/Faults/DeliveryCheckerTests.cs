using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Faults;

/// <summary>The checker of deliveries is tested: it finds messages that are missing, and messages that were not expected.</summary>
public sealed class DeliveryCheckerTests
{
    private const string Webhook = "0199d6a0-0000-7000-8000-00000000000a";
    private const string Session = "0199d6a0-0000-7000-8000-000000000001";
    private const string Other = "0199d6a0-0000-7000-8000-000000000002";
    private const string Earlier = "0199d6a0-0000-7000-8000-000000000003";
    private const string Message = "evt_5_a";

    private static readonly DatabaseSnapshot Snapshot = new(
        [
            new Entry("sign_out", IsRefusal: false, "ada", Earlier, Detail: null) { Number = 3, At = 1 },
            new Entry("webhook_created", IsRefusal: false, "admin", SessionId: null, $"{Webhook} (127.0.0.1)") { Number = 4, At = 2 },
            new Entry("sign_out", IsRefusal: false, "ada", Session, Detail: null) { Number = 5, At = 3 },
            new Entry("password_set", IsRefusal: true, Actor: null, SessionId: null, Detail: null) { Number = 6, At = 3, Principal = "ada" },
        ],
        new HashSet<string>(StringComparer.Ordinal), [], Claims: 0, Enabled: 0)
    {
        Ended = [new EndedRow(Earlier, Reason: 0, At: 1), new EndedRow(Session, Reason: 0, At: 3)],
        Messages = [(Webhook, Message), ("another", "evt_9_a")],
    };

    private static readonly ToldSignal Signal = new("jti", SessionRevoked, "ada", Session, "sign_out");

    private static readonly ToldOf Told = new(Webhook, [Message, Message], [Earlier, Session, Session], [Earlier, Earlier, Session], [Signal]);

    [Fact]
    public void What_was_told_as_it_should_be_is_not_blamed() => Assert.Empty(Find(Snapshot, Told));

    /// <summary>Entry 3 is older than the webhook.</summary>
    [Fact]
    public void What_was_committed_just_before_may_come_once()
    {
        var earlier = Signal with { Id = "another", Session = Earlier };

        Assert.Empty(Find(With("evt_3_a"), Told with { Messages = [Message, "evt_3_a"], Signals = [Signal, earlier] }));

        ExpectFound("2 messages to the webhook about entry 3", Twice("evt_3_a", "evt_3_b"), Told with { Messages = [Message, "evt_3_a", "evt_3_b"] });
        ExpectFound("2 signals of session", Snapshot, Told with { Signals = [Signal, earlier, earlier with { Id = "third" }] });
    }

    [Fact]
    public void What_was_not_told_is_found()
    {
        ExpectFound("never came", Snapshot, Told with { Messages = [] });
        ExpectFound("never heard", Snapshot, Told with { Followed = [Earlier] });
        ExpectFound("0 entries of the feed", Snapshot, Told with { Reread = [Earlier] });
        ExpectFound("0 signals of session", Snapshot, Told with { Signals = [] });
        ExpectFound("0 messages to the webhook", Snapshot with { Messages = [] }, Told with { Messages = [] });
    }

    [Fact]
    public void What_was_told_and_not_committed_is_found()
    {
        ExpectFound("that there is not", Snapshot, Told with { Messages = [Message, "evt_7_a"] });
        ExpectFound("which has not ended", Snapshot, Told with { Followed = [Session, Other] });
        ExpectFound("1 entries of the feed", Snapshot, Told with { Reread = [Session, Other] });
        ExpectFound("1 signals of session", Snapshot, Told with { Signals = [Signal, Signal with { Id = "another", Session = Other }] });
        ExpectFound("1 messages to the webhook", With("evt_6_a"), Told with { Messages = [Message, "evt_6_a"] });
    }

    [Fact]
    public void What_was_told_twice_is_found()
    {
        ExpectFound("2 entries of the feed", Snapshot, Told with { Reread = [Session, Session] });
        ExpectFound("2 signals of session", Snapshot, Told with { Signals = [Signal, Signal with { Id = "another" }] });
        ExpectFound("2 messages to the webhook", With("evt_5_b"), Told with { Messages = [Message, "evt_5_b"] });
    }

    [Fact]
    public void A_signal_of_a_password_that_was_not_set_is_found()
    {
        var strange = new ToldSignal("another", CredentialChange, "ada", Session: null, "password_set");

        ExpectFound("1 signals of password_set", Snapshot, Told with { Signals = [Signal, strange] });
    }

    private static DatabaseSnapshot Twice(string one, string other) => Snapshot with { Messages = [(Webhook, Message), (Webhook, one), (Webhook, other)] };

    private static DatabaseSnapshot With(string message) => Snapshot with { Messages = [(Webhook, Message), (Webhook, message)] };

    private static IReadOnlyList<string> Find(DatabaseSnapshot snapshot, ToldOf told) => [.. new DeliveryChecker(snapshot, told).FindViolations()];

    private static void ExpectFound(string words, DatabaseSnapshot snapshot, ToldOf told) => Assert.Contains(
        Find(snapshot, told), violation => violation.StartsWith("I9", StringComparison.Ordinal) && violation.Contains(words, StringComparison.Ordinal));
}
