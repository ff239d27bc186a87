using System.Globalization;

namespace AuthService.Refusals;

/// <summary>
/// Collects the reason why the current call is refused, from the code that decides it. The error that the caller gets is created elsewhere and says less.
/// </summary>
internal sealed class RefusalNotes
{
    /// <summary>The last note, which is the deciding one; null when nothing was refused.</summary>
    public RefusalNote? Last { get; private set; }

    public void Add(RefusalNote note) => Last = note;

    /// <param name="reason">The rule that failed.</param>
    /// <param name="principal">The id of the principal that it is about; null when it is not known.</param>
    /// <param name="sessionId">The id of the session that it is about.</param>
    public void Add(RefusalReason reason, string? principal = null, Guid? sessionId = null) =>
        Add(new RefusalNote(reason) { Principal = principal, SessionId = sessionId });
}

/// <summary>The rule that failed, with its subject and the facts that decided it. It contains no secret and no free text from a caller.</summary>
internal sealed record RefusalNote(RefusalReason Reason)
{
    /// <summary>The id of the principal.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    public IReadOnlyList<RefusalFact> Facts { get; init; } = [];
}

/// <summary>A fact that decided a refusal, such as <c>expireAt</c>.</summary>
internal sealed record RefusalFact(string Name, string Value)
{
    private const int Longest = 200;

    public static RefusalFact Of(string name, string value) => new(name, value.Length <= Longest ? value : $"{value[..Longest]}…");

    public static RefusalFact Of(string name, DateTimeOffset value) =>
        new(name, value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static RefusalFact Of<T>(string name, T value)
        where T : struct => Of(name, string.Create(CultureInfo.InvariantCulture, $"{value}"));

    public static RefusalFact Of(string name, IEnumerable<string> values) => Of(name, string.Join(' ', values));
}
