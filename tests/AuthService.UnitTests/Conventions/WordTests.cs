using System.Text.RegularExpressions;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks that names and comments use the field's words. Each of these words once stood for something that has its own name.</summary>
public sealed partial class WordTests
{
    private static readonly Dictionary<string, string> Instead = new(StringComparer.Ordinal)
    {
        ["door"] = "endpoint",
        ["deed"] = "audit entry, action",
        ["room"] = "folder, fixture, space",
        ["gate"] = "lock, middleware",
        ["house"] = "service",
        ["living"] = "active",
        ["alive"] = "active",
        ["dead"] = "revoked, expired, refused",
        ["standing"] = "service refresh token, state, introspection result",
        ["inspection"] = "introspection",
        ["whoever"] = "the caller, the person who",
        ["whomever"] = "the person whom",
        ["anew"] = "again",
    };

    /// <summary>Words that comments do not use. Names of tests are sentences of their own.</summary>
    private static readonly HashSet<string> OnlyInComments = new(["whoever", "whomever", "anew"], StringComparer.Ordinal);

    /// <summary>Exceptions: words of a contract, and words that others chose.</summary>
    private static readonly (string Path, string Word)[] Allowed =
    [
        ("tests/AuthService.UnitTests/Conventions/WordTests.cs", "*"),
        // The state of a signing key, as the metric and the command "key list" write it.
        ("src/AuthService/Tokens/SigningKey.cs", "dead"),
        ("src/AuthService/Tokens/SigningKeyRing.cs", "dead"),
        ("src/AuthService/Api/Admin/ConfigurationEndpoints.cs", "dead"),
        ("tests/AuthService.ApiTests/Admin/ConfigurationTests.cs", "dead"),
        ("tests/AuthService.ApiTests/CommandLine/KeyCommandTests.cs", "dead"),
        ("tests/AuthService.UnitTests/Tokens/SigningKeyMetricsTests.cs", "dead"),
        ("tests/AuthService.UnitTests/Tokens/SigningKeySetTests.cs", "dead"),
    ];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_word_of_our_own_stands_for_one_of_the_field(string folder)
    {
        var breaches =
            from path in Repository.SourcesOf(folder)
            from line in Repository.LinesOf(folder, path).Index()
            from word in WordsIn(line.Item)
            where Instead.ContainsKey(word) && (!OnlyInComments.Contains(word) || IsComment(line.Item)) && !IsAllowed($"{folder}/{path}", word)
            select $"{folder}/{path}:{line.Index + 1}: \"{word}\", say: {Instead[word]}";

        Breaches.None(breaches);
    }

    /// <summary>The name of a type says what it is: <c>SessionStore</c>, <c>RefreshService</c>.</summary>
    [Fact]
    public void No_type_is_named_by_a_word_that_says_nothing()
    {
        string[] empty = ["manager", "helper", "helpers", "util", "utils", "common", "base", "impl"];
        var breaches =
            from type in typeof(Program).Assembly.GetTypes()
            where type.Namespace?.StartsWith("AuthService", StringComparison.Ordinal) is true
            where WordsIn(type.Name).Intersect(empty, StringComparer.Ordinal).Any()
            select type.FullName;

        Breaches.None(breaches);
    }

    [Theory]
    [InlineData("GetStandingOf(rooms)", "standing room")]
    [InlineData("// the door's", "door")]
    [InlineData("A_dead_one", "dead")]
    [InlineData("keepAlive, keep-alive, KeepAlive, Understanding, delegate, roommate", "")]
    public void A_word_is_found_whole_in_names_and_sentences(string line, string words) =>
        Assert.Equal(words, string.Join(' ', WordsIn(line).Where(Instead.ContainsKey)));

    private static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    private static bool IsAllowed(string path, string word) => Allowed.Contains((path, word)) || Allowed.Contains((path, "*"));

    /// <summary>Finds the words of a line, in lower case and the singular. <c>keepAlive</c> is a word of the contract and of HTTP.</summary>
    private static IEnumerable<string> WordsIn(string line) => Word().Matches(KeepAlive().Replace(line, ""))
        .Select(match => match.Value.ToLowerInvariant())
        .Select(word => word.EndsWith('s') && Instead.ContainsKey(word[..^1]) ? word[..^1] : word);

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex("keep[- ]?alive", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeepAlive();
}
