using AuthService.SignIn;
using Xunit;

namespace AuthService.UnitTests.SignIn;

/// <summary>The results of attempts were lost with the database or an instance.</summary>
public sealed class LostAttemptTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A monitor signs in with the same name all the time.</summary>
    [Fact]
    public void They_are_given_up_after_a_minute_however_often_the_name_signs_in()
    {
        var record = LockoutRecord.Clean;
        for (var i = 0; i < 4; i++)
            record = Begin(record, Start);

        for (var seconds = 0; seconds < 60; seconds += 20)
            record = Begin(record, Start.AddSeconds(seconds)).Succeeded(Start.AddSeconds(seconds));
        Assert.Equal(4, record.Judging);
        var now = Start + LockoutRecord.LongestJudgement;

        Assert.Equal(0, Begin(record, now).Succeeded(now).Judging);
    }

    private static LockoutRecord Begin(LockoutRecord record, DateTimeOffset now) => Assert.IsType<LockoutVerdict.Judge>(record.Begin(now)).Next;
}
