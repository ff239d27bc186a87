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
    /// Reads a list joined by commas. Metadata has commas of its own, so a piece without a colon belongs to the scope
    /// before it; <c>api</c> alone is a scope wherever it stands, since a piece of metadata always has a <c>!</c>.
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

    /// <summary>As they stand in the <c>aud</c> of a token.</summary>
    public string[] ToArray() => [.. _scopes.Select(scope => scope.ToString())];
}
