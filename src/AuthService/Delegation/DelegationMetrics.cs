using System.Diagnostics.Metrics;

namespace AuthService.Delegation;

internal sealed class DelegationMetrics
{
    private readonly Counter<long> _claims;
    private readonly Counter<long> _extensions;

    public DelegationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AuthService.Delegation");
        _claims = meter.CreateCounter<long>("authservice.claims", "{claim}", "Claims of one-time tokens, by outcome");
        _extensions = meter.CreateCounter<long>("authservice.extensions", "{extension}", "Extensions of access tokens, by outcome");
    }

    public void Claimed(bool first) => _claims.Add(1, new KeyValuePair<string, object?>("outcome", first ? "claimed" : "claimed_before"));

    public void Extended(ExtensionOutcome outcome) => _extensions.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    private static string NameOf(ExtensionOutcome outcome) => outcome switch
    {
        ExtensionOutcome.Extended => "extended",
        ExtensionOutcome.ExtendedWithSession => "extended_with_session",
        ExtensionOutcome.InvalidToken => "invalid_token",
        ExtensionOutcome.TooLong => "too_long",
        _ => "not_allowed",
    };
}
