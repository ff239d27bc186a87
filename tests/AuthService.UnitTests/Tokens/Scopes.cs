using AuthService.Tokens;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Creates scopes for tests: from text, or generated from so few names that they often cover one another.</summary>
internal static class Scopes
{
    private static readonly Gen<string> Segment = Gen.Elements("all", "special", "files", "Files", "jobs", "file", "allowed");
    private static readonly Gen<string> Access = Gen.Elements("read", "write");

    private static readonly Gen<Scope> Generated =
        from length in Gen.Choose(1, 3)
        from segments in Segment.ArrayOf(length)
        from access in Access
        select Of($"{string.Join('.', segments)}:{access}");

    private static readonly Gen<ScopeSet> GeneratedSet =
        from length in Gen.Choose(1, 4)
        from scopes in Generated.ArrayOf(length)
        select SetOf([.. scopes.Select(scope => scope.ToString())]);

    public static Arbitrary<Scope> Any { get; } = Generated.ToArbitrary();

    public static Arbitrary<ScopeSet> AnySet { get; } = GeneratedSet.ToArbitrary();

    public static Scope Of(string text)
    {
        Assert.True(Scope.TryParse(text, out var scope), text);
        return scope;
    }

    public static ScopeSet SetOf(params string[] texts)
    {
        Assert.True(ScopeSet.TryParse(texts, out var scopes), string.Join(' ', texts));
        return scopes;
    }
}
