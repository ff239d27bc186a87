using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AuthService.Tokens;

internal enum ScopeAccess
{
    Read,
    Write,
}

/// <summary>
/// A permission in an access token: <c>segments:access[:metadata]</c>, for example <c>files.download:read</c>. Metadata is kept but does not affect what a
/// scope covers.
/// </summary>
internal sealed class Scope
{
    private const string All = "all";
    private const string Special = "special";
    private const string OldNameOfAllWrite = "api";

    public static readonly Scope AllWrite = new([All], ScopeAccess.Write, metadata: null);

    private readonly string? _metadata;

    private Scope(ImmutableArray<string> segments, ScopeAccess access, string? metadata)
    {
        Segments = segments;
        Access = access;
        _metadata = metadata;
    }

    public ImmutableArray<string> Segments { get; }

    public ScopeAccess Access { get; }

    /// <summary>Whether its first segment is <c>all</c> or <c>special</c>; no extension may grant such a scope.</summary>
    public bool IsReserved => Segments[0] is All or Special;

    public static bool TryParse(string? text, [NotNullWhen(true)] out Scope? scope)
    {
        scope = text switch
        {
            null => null,
            OldNameOfAllWrite => AllWrite,
            _ => Parse(text.Split(':')),
        };
        return scope is not null;
    }

    /// <summary>Returns whether this scope allows what <paramref name="wanted"/> requires.</summary>
    public bool Covers(Scope wanted) => Access >= wanted.Access && CoversSegments(wanted.Segments);

    public override string ToString()
    {
        var access = Access is ScopeAccess.Write ? "write" : "read";
        var text = $"{string.Join('.', Segments)}:{access}";
        return _metadata is null ? text : $"{text}:{_metadata}";
    }

    private static Scope? Parse(string[] parts)
    {
        if (parts.Length is < 2 or > 3 || !TryParseAccess(parts[1], out var access))
            return null;
        var segments = parts[0].Split('.');
        var metadata = parts.Length == 3 ? parts[2] : null;
        return segments.All(IsName) && (metadata is null || metadata.Split(',').All(IsPair))
            ? new Scope([.. segments], access, metadata)
            : null;
    }

    private static bool TryParseAccess(string text, out ScopeAccess access)
    {
        access = text.Equals("write", StringComparison.OrdinalIgnoreCase) ? ScopeAccess.Write : ScopeAccess.Read;
        return access is ScopeAccess.Write || text.Equals("read", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsName(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-');

    private static bool IsPair(string text) =>
        text.Split('!') is [var key, var value] && IsName(key) && IsBase64(value);

    /// <summary>
    /// Returns whether the text is base64. The framework ignores white space, which must be refused because it separates scopes where they are stored.
    /// </summary>
    private static bool IsBase64(string text) => !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    private bool CoversSegments(ImmutableArray<string> wanted) =>
        Segments is [All]
            ? wanted[0] != Special
            : wanted.Length >= Segments.Length && wanted.AsSpan()[..Segments.Length].SequenceEqual(Segments.AsSpan());
}
