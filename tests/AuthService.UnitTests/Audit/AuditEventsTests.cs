using System.Text.RegularExpressions;
using AuthService.Audit;
using AuthService.UnitTests.Conventions;
using Xunit;

namespace AuthService.UnitTests.Audit;

/// <summary>The file with the names of the events describes each of them, and some code writes each.</summary>
public sealed partial class AuditEventsTests
{
    private const string File = "Audit/AuditEvents.cs";

    private static readonly (string Constant, string Name, bool IsDocumented)[] Declared =
    [
        .. Declaration().Matches(string.Join('\n', Repository.LinesOf("src", "AuthService", File)))
            .Select(match => (match.Groups["constant"].Value, match.Groups["name"].Value, match.Groups["summary"].Success)),
    ];

    [Fact]
    public void Every_name_is_documented() =>
        Breaches.None(Declared.Where(declared => !declared.IsDocumented).Select(declared => declared.Constant));

    [Fact]
    public void Every_name_is_known_to_the_administration_api_and_none_is_given_twice() =>
        Assert.Equal(AuditEvents.All.Order(StringComparer.Ordinal), Declared.Select(declared => declared.Name)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void Every_name_is_written_somewhere()
    {
        var sources = string.Join('\n', Repository.SourcesOf("src/AuthService").SelectMany(path => Repository.LinesOf("src", "AuthService", path)));

        Breaches.None(Declared.Select(declared => declared.Constant).Where(constant => !sources.Contains($"AuditEvents.{constant}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("sign_in")]
    [InlineData("session_revoked")]
    [InlineData("token_revoked")]
    [InlineData("one_time_token_claimed")]
    public void Names_on_record_stay_what_they_are(string name) => Assert.Contains(name, AuditEvents.All.ToArray(), StringComparer.Ordinal);

    [GeneratedRegex(
        "(?<summary>/// <summary>([^\\n]|\\n\\s*///)+?</summary>\\s+)?public const string (?<constant>\\w+) = \"(?<name>[a-z_]+)\";",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();
}
