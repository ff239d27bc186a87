namespace AuthService.Hosting.CommandLine;

internal enum FindingKind
{
    Fine,
    Doubtful,
    Wrong,
}

/// <param name="Kind">The kind of the finding. Only <see cref="FindingKind.Wrong"/> makes the examination fail.</param>
/// <param name="Subject">The part that was examined.</param>
/// <param name="Text">The result, and what to do about it.</param>
internal sealed record Finding(FindingKind Kind, string Subject, string Text)
{
    public static Finding Fine(string subject, string text) => new(FindingKind.Fine, subject, text);

    public static Finding Doubtful(string subject, string text) => new(FindingKind.Doubtful, subject, text);

    public static Finding Wrong(string subject, string text) => new(FindingKind.Wrong, subject, text);

    public override string ToString() => $"{Mark} {Subject}: {Text}";

    private string Mark => Kind switch
    {
        FindingKind.Fine => "ok   ",
        FindingKind.Doubtful => "note ",
        _ => "WRONG",
    };
}
