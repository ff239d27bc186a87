namespace AuthService.Refusals;

/// <summary>The result of one rule for a hypothetical call.</summary>
/// <param name="Reason">The reason with which the rule refuses.</param>
/// <param name="Refuses">Whether the rule would refuse.</param>
internal sealed record RuleVerdict(RefusalReason Reason, bool Refuses)
{
    /// <summary>The facts that the rule checks.</summary>
    public IReadOnlyList<RefusalFact> Facts { get; init; } = [];

    /// <summary>Creates the verdict of a refusal that happened.</summary>
    public static RuleVerdict Of(RefusalNote note) => new(note.Reason, Refuses: true) { Facts = note.Facts };
}
