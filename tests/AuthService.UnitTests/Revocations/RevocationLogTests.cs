using AuthService.Revocations;
using AuthService.Storage;
using Xunit;

namespace AuthService.UnitTests.Revocations;

public sealed class RevocationLogTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    /// <summary>After a failover the new server assigns the numbers that it did not receive to other transactions.</summary>
    [Theory]
    [InlineData("one", 1600, true)]
    [InlineData("one", 1700, true)]
    [InlineData("one", 1201, false)]
    [InlineData("another", 1700, false)]
    public void A_server_that_has_not_come_as_far_is_another_beginning(string epoch, long end, bool goesOn)
    {
        var log = new RevocationLog(TimeProvider.System, new RevocationWakeUp(), new RevocationNews());
        log.Add(new RevocationsRead("one", 1600, Now, [OfSession(1500)]));
        var known = log.Watched!;

        var read = new RevocationsRead(epoch, end, Now, [OfSession(1100)]);
        log.Add(read);

        Assert.Equal(goesOn, read.GoesOnFrom(known));
        Assert.Equal(goesOn ? 2 : 1, log.Watched!.Count);
    }

    /// <summary>An instance that holds up the end of the commit order makes a reader read what it has read before.</summary>
    [Fact]
    public void What_is_read_again_is_handed_on_once()
    {
        var log = new RevocationLog(TimeProvider.System, new RevocationWakeUp(), new RevocationNews());
        Revocation[] revoked = [.. Enumerable.Range(90, 20).Select(position => OfSession(position))];
        log.Add(new RevocationsRead("one", 100, Now, revoked));

        log.Add(new RevocationsRead("one", 100, Now, revoked[10..]));
        log.Add(new RevocationsRead("one", 105, Now, revoked[10..]));
        log.Add(new RevocationsRead("one", 200, Now, [.. revoked[15..], OfSession(109)]));

        Assert.Equal(revoked.Length + 1, log.Watched!.Count);
    }

    /// <summary>PostgreSQL gives the numbers again that it had not written to disk when it crashed.</summary>
    [Fact]
    public async Task What_a_crash_undid_never_becomes_durable()
    {
        var log = new RevocationLog(TimeProvider.System, new RevocationWakeUp(), new RevocationNews());
        log.Add(ReadUpTo(100));
        log.Add(ReadUpTo(120));
        await Task.Delay(TimeSpan.FromSeconds(2.1)); // longer than it takes until a reading is durable

        log.Add(ReadUpTo(105));

        Assert.Equal(100, log.Watched!.DurableEnd);
        Assert.True(ReadUpTo(106).GoesOnFrom(log.Watched!));
    }

    /// <summary>A bulk revocation adds very many at once.</summary>
    [Theory]
    [InlineData(long.MaxValue, 400)]
    [InlineData(0, 650)]
    public void A_revocation_takes_little_memory(long end, long mostBytes)
    {
        const int Count = 100_000;
        var log = new RevocationLog(TimeProvider.System, new RevocationWakeUp(), new RevocationNews());
        Revocation[] revoked = [.. Enumerable.Range(0, Count).Select(_ => OfSession(1))];
        var read = new RevocationsRead("one", end, Now, revoked);
        var before = GC.GetAllocatedBytesForCurrentThread();

        log.Add(read);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 1, mostBytes);
        Assert.Equal(Count, log.Watched!.Count);
    }

    private static RevocationsRead ReadUpTo(long end) => new("one", end, Now, [])
    {
        Seen = CommitSnapshot.Parse($"{end}:{end}:"),
    };

    private static Revocation OfSession(long position) => new(position, DateTimeOffset.MaxValue) { SessionId = Guid.NewGuid() };
}
