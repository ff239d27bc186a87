namespace AuthService.Sessions.Revoking;

/// <summary>The sessions that <see cref="SessionRevocation"/> revokes together, with one audit entry for all of them.</summary>
/// <param name="Which">SQL: the condition that finds the sessions.</param>
internal sealed record SessionSelection(FormattableString Which)
{
    /// <summary>The id of their principal for the audit entry; null when they belong to several principals.</summary>
    public string? Principal { get; init; }

    /// <summary>The session from which all of them came, for the audit entry.</summary>
    public Guid? Session { get; init; }

    /// <summary>
    /// SQL: selects among the sessions that came from those just revoked; they are revoked too, again and again until none is left. In PostgreSQL a
    /// statement does not see rows that were committed while it waited for a row lock, such as a session just made from a locked one. Null: there is no
    /// such repetition.
    /// </summary>
    public FormattableString? AlsoMadeMeanwhile { get; init; }

    /// <summary>A text for the audit entry that says which sessions of the principal stay.</summary>
    public string Stays { get; init; } = "";

    /// <summary>See <see cref="SessionEnding.IsOfMost"/>.</summary>
    public bool IsOfMost { get; init; }
}
