using AuthService.Audit;
using Xunit;

namespace AuthService.UnitTests.Audit;

public sealed class AuditOptionsTests
{
    [Fact]
    public void Entries_are_kept_for_more_than_a_year_unless_the_settings_say_otherwise() =>
        Assert.Equal(TimeSpan.FromDays(400), new AuditOptions().Retention);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_time_at_all_is_refused_with_key_and_value(int days)
    {
        var fault = Assert.Single(new AuditOptionsValidator().Validate(name: null, new AuditOptions { Retention = TimeSpan.FromDays(days) }).Failures!);

        Assert.StartsWith("Audit:Retention must", fault, StringComparison.Ordinal);
        Assert.EndsWith($"{TimeSpan.FromDays(days)}", fault, StringComparison.Ordinal);
    }
}
