namespace AuthService.Audit;

internal static class AuditText
{
    /// <summary>Text from outside, fit for the record: without control characters, which could forge a line or which a store refuses.</summary>
    public static string Printable(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c))
        : text;
}
