namespace AuthService.ApiTests.Http;

/// <summary>What the errors of a surface look like (SPEC 3 to 8).</summary>
/// <param name="Members">Their names, in order.</param>
internal sealed record Dialect(string ContentType, string Members)
{
    private static readonly Dictionary<string, Dialect> OfSurface = new(StringComparer.Ordinal)
    {
        ["auth"] = new("application/json", "why errorCode traceId"),
        ["account"] = new("application/json", "message status traceId"),
        ["sessions"] = new("application/json", "message description traceId"),
        ["app-tokens"] = new("application/json", "code detail traceId"),
        ["admin"] = new("application/problem+json", "type title status detail code traceId"),
        ["well-known"] = new("application/json", "error error_description traceId"),
        ["oauth"] = new("application/json", "error error_description traceId"),
    };

    public static IEnumerable<Dialect> All => OfSurface.Values;

    /// <param name="surface">The name of its document.</param>
    public static Dialect Of(string surface) => OfSurface[surface];

    /// <summary>Where a surface lists faults of the input it has another form for them.</summary>
    public string MembersAt(int status) => status is 422 ? "detail traceId" : Members;
}
