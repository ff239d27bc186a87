using System.Diagnostics.Metrics;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>The metrics show the state and the age of every signing key.</summary>
public sealed class SigningKeyMetricsTests
{
    [Fact]
    public async Task Every_key_is_shown_with_its_state_and_its_age()
    {
        using var fixture = new TokenFixture(
        [
            .. TestKeys.Settings(0, "ES256", "first"), ("Jwt:SigningKeys:0:RetireAfter", "2030-01-02T04:00:00Z"),
            .. TestKeys.Settings(1, "ES384", "second"), ("Jwt:SigningKeys:1:ActiveFrom", "2030-01-02T03:59:00Z"),
        ]);
        using var meters = new UnheardMeters();
        await new SigningKeyMetrics(meters, fixture.Ring, fixture.Clock).StartAsync(CancellationToken.None);

        fixture.Clock.Now = new(2030, 1, 2, 3, 58, 0, TimeSpan.Zero);
        Assert.Equal(["age second = -60", "state first signing = 1", "state second coming = 1"], Read(), StringComparer.Ordinal);
        fixture.Clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(["age second = 0", "state first active = 1", "state second signing = 1"], Read(), StringComparer.Ordinal);
        fixture.Clock.Now += TimeSpan.FromMinutes(61);
        Assert.Equal(["age second = 3660", "state first retired = 1", "state second signing = 1"], Read(), StringComparer.Ordinal);
        fixture.Clock.Now += TimeSpan.FromDays(2);
        Assert.Contains("state first dead = 1", Read(), StringComparer.Ordinal);
    }

    private static List<string> Read()
    {
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("authservice.signing_keys.", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add(Show(instrument, value, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add(Show(instrument, value, tags)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private static string Show(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name.Split('.')[^1]} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))} = {value:0}";
}
