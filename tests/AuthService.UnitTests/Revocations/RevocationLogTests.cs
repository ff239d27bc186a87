using AuthService.Revocations;
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

    private static Revocation OfSession(long position) => new(position, DateTimeOffset.MaxValue) { SessionId = Guid.NewGuid() };
}
