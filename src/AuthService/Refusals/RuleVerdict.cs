namespace AuthService.Refusals;

/// <summary>What one rule says of something that is only thought of.</summary>
/// <param name="Reason">The rule, by what it refuses for.</param>
/// <param name="Refuses">Whether it would.</param>
internal sealed record RuleVerdict(RefusalReason Reason, bool Refuses)
{
    /// <summary>What the rule looks at.</summary>
    public IReadOnlyList<RefusalFact> Facts { get; init; } = [];

    /// <summary>Of a refusal that was found.</summary>
    public static RuleVerdict Of(RefusalNote note) => new(note.Reason, Refuses: true) { Facts = note.Facts };
}
