using AuthService.Audit;

namespace AuthService.Webhooks;

/// <summary>
/// Defines the types of messages and the patterns by which a webhook selects them (src/AuthService/README.md#webhooks). The type of a success is the name of
/// the audit event. A refusal has a type of its own, so that it is not mistaken for a success, and is sent only when a pattern asks for it.
/// </summary>
internal static class EventPattern
{
    public const string Ping = "ping";

    public const string Form =
        "an event of the audit log (session_revoked), the beginning of some (session_*) or all of them (*); with .refused after it, what was refused";

    private const string RefusedSuffix = ".refused";

    public static string TypeOf(AuditEntry entry) => TypeOf(entry.Event, entry.Outcome);

    /// <param name="patterns">The patterns; null for every success.</param>
    /// <param name="type">The type of the message.</param>
    public static bool Matches(IReadOnlyList<string>? patterns, string type) =>
        patterns is null ? !type.EndsWith(RefusedSuffix, StringComparison.Ordinal) : patterns.Any(pattern => Matches(pattern, type));

    /// <returns>False when no event matches the pattern.</returns>
    public static bool IsKnown(string pattern) => AuditEvents.All.Any(name => Matches(pattern, TypeOf(name, OutcomeOf(pattern))));

    /// <summary>Returns the audit events with this outcome that the patterns select.</summary>
    public static string[] NamesOf(IReadOnlyList<string>? patterns, AuditOutcome outcome) =>
        [.. AuditEvents.All.Where(name => Matches(patterns, TypeOf(name, outcome)))];

    private static string TypeOf(string name, AuditOutcome outcome) => outcome is AuditOutcome.Refused ? name + RefusedSuffix : name;

    private static AuditOutcome OutcomeOf(string pattern) =>
        pattern.EndsWith(RefusedSuffix, StringComparison.Ordinal) ? AuditOutcome.Refused : AuditOutcome.Success;

    private static bool Matches(string pattern, string type)
    {
        if (OutcomeOf(pattern) != OutcomeOf(type))
            return false;
        var (wanted, name) = (WithoutOutcome(pattern), WithoutOutcome(type));
        return wanted.EndsWith('*') ? name.StartsWith(wanted[..^1], StringComparison.Ordinal) : name == wanted;
    }

    private static string WithoutOutcome(string text) =>
        text.EndsWith(RefusedSuffix, StringComparison.Ordinal) ? text[..^RefusedSuffix.Length] : text;
}
