using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AuthService.Tokens;

/// <summary>The scopes of one token, or of one service's policy.</summary>
internal sealed class ScopeSet
{
    public static readonly ScopeSet AllWrite = new([Scope.AllWrite]);

    private readonly ImmutableArray<Scope> _scopes;

    private ScopeSet(ImmutableArray<Scope> scopes) => _scopes = scopes;

    public int Count => _scopes.Length;

    public static bool TryParse(IReadOnlyList<string?> texts, [NotNullWhen(true)] out ScopeSet? scopes)
    {
        scopes = null;
        var parsed = ImmutableArray.CreateBuilder<Scope>(texts.Count);
        foreach (var text in texts)
        {
            if (!Scope.TryParse(text, out var scope))
                return false;
            parsed.Add(scope);
        }

        scopes = new ScopeSet(parsed.ToImmutable());
        return true;
    }

    /// <summary>
    /// Reads a list joined by commas. Metadata may contain commas, so a piece without a colon belongs to the scope before it. The piece <c>api</c> is always a
    /// scope, because a piece of metadata always contains a <c>!</c>.
    /// </summary>
    public static bool TryParseList(string list, [NotNullWhen(true)] out ScopeSet? scopes)
    {
        var texts = new List<string>();
        foreach (var piece in list.Split(','))
        {
            if (texts.Count == 0 || piece.Contains(':', StringComparison.Ordinal) || piece == "api")
                texts.Add(piece);
            else
                texts[^1] += "," + piece;
        }

        return TryParse(texts, out scopes);
    }

    public bool Covers(Scope wanted) => _scopes.Any(scope => scope.Covers(wanted));

    public bool Covers(ScopeSet wanted) => wanted._scopes.All(Covers);

    public bool Any(Func<Scope, bool> predicate) => _scopes.Any(predicate);

    /// <summary>Returns the scopes as the <c>aud</c> of a token contains them.</summary>
    public string[] ToArray() => [.. _scopes.Select(scope => scope.ToString())];
}
