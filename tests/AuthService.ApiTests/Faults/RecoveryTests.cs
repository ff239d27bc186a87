using Xunit;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>The check of recovery is tested, with a fault that ended at ten seconds.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly Recorder _recorder = new();

    [Fact]
    public void A_load_that_recovers_is_not_blamed()
    {
        NoteServed();
        Note(503, sent: 14, answered: 14.5);
        Note(503, sent: 10, answered: 20);

        Assert.Equal(TimeSpan.FromSeconds(4), Expect());
    }

    [Theory]
    [InlineData(503, 16, 16.5)]
    [InlineData(null, 16, 16.5)]
    [InlineData(null, 11, 41)]
    [InlineData(503, 11, 26)]
    [InlineData(503, 41, 41.5)]
    public void A_call_that_fails_later_than_five_seconds_after_the_fault_or_hangs_is_found(int? status, double sent, double answered)
    {
        NoteServed();
        Note(status, sent, answered);

        ExpectFound();
    }

    [Fact]
    public void After_thirty_seconds_no_share_may_fail()
    {
        NoteServed(5000);
        Note(503, sent: 16, answered: 16.5);
        Assert.Equal(TimeSpan.FromSeconds(6), Expect());

        Note(null, sent: 11, answered: 41);
        ExpectFound();
    }

    /// <summary>Each caller has one open call, and makes none after it.</summary>
    [Fact]
    public void A_service_that_hangs_is_found()
    {
        for (var caller = 0; caller < 8; caller++)
            Note(status: null, sent: 10.1 + (caller / 10.0), answered: 40.1 + (caller / 10.0));

        ExpectFound();
    }

    /// <summary>Only the calls with a response before the next fault can be checked.</summary>
    [Fact]
    public void A_service_that_hangs_until_the_next_fault_is_found()
    {
        NoteServed();
        Note(status: null, sent: 11, answered: 41);

        ExpectFound(until: 30);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Recovery.Fewest - 1)]
    public void That_next_to_nothing_succeeds_is_found(int served)
    {
        NoteServed(served);

        ExpectFound();
    }

    [Fact]
    public void Refusals_are_no_success()
    {
        for (var i = 0; i < Recovery.Fewest; i++)
            Note(401, sent: 16, answered: 16.1);

        ExpectFound();
    }

    [Fact]
    public void What_succeeded_before_five_seconds_were_over_or_in_the_next_fault_is_no_recovery()
    {
        for (var i = 0; i < Recovery.Fewest; i++)
        {
            Note(200, sent: 14, answered: 14.1);
            Note(200, sent: 17, answered: 19);
        }

        ExpectFound(until: 18);
    }

    [Fact]
    public void A_call_that_fails_in_the_next_fault_is_none_of_the_last_one()
    {
        NoteServed();
        Note(503, sent: 17, answered: 28);

        Assert.Equal(TimeSpan.Zero, Expect(until: 18));
    }

    public void Dispose() => _recorder.Dispose();

    private void ExpectFound(double? until = null) =>
        Assert.Contains("I7", Assert.Throws<XunitException>(() => Expect(until)).Message, StringComparison.Ordinal);

    private TimeSpan Expect(double? until = null) =>
        Recovery.Expect(_recorder, (TimeSpan.FromSeconds(10), until is { } end ? TimeSpan.FromSeconds(end) : TimeSpan.MaxValue));

    private void NoteServed(int calls = Recovery.Fewest)
    {
        for (var i = 0; i < calls; i++)
            Note(200, sent: 15.5, answered: 15.6);
    }

    private void Note(int? status, double sent, double answered) => _recorder.Note(new Call(
        CallKind.Refresh, "session", TimeSpan.FromSeconds(sent), TimeSpan.FromSeconds(answered), status, Body: "", SaysWhenToRetry: true));
}
