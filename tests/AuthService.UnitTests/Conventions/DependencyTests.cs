using System.Text.RegularExpressions;
using AuthService.Sessions;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks which folders of src/AuthService may use which others.</summary>
public sealed partial class DependencyTests
{
    private const string Source = "src/AuthService";

    private static readonly string[] Core =
        ["Configuration", "Tokens", "Storage", "Refusals", "Audit", "Revocations", "Principals", "Mail", "Notices", "Sessions"];

    private static readonly string[] Services =
        [.. Core, "SignIn", "People", "Delegation", "Applications", "Webhooks", "Idempotency", "Signals"];

    private static readonly string[] Surface = [.. Services, "Api.Http"];
    private static readonly string[] Surfaces =
    [
        "Api.Auth", "Api.Passwords", "Api.Account", "Api.Sessions", "Api.AppTokens", "Api.OAuth", "Api.Admin", "Api.Revocations", "Api.Signals", "Api.Pages",
    ];

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Configuration"] = [],
        ["Tokens"] = ["Configuration"],
        ["Storage"] = ["Configuration"],
        ["Refusals"] = ["Storage"],
        ["Audit"] = ["Configuration", "Tokens", "Storage"],
        ["Revocations"] = ["Configuration", "Tokens", "Storage"],
        ["Principals"] = ["Configuration", "Tokens", "Storage", "Audit", "Refusals", "Revocations"],
        ["Mail"] = ["Configuration", "Tokens", "Storage", "Principals"],
        ["Notices"] = ["Tokens", "Storage", "Principals", "Mail"],
        ["Sessions"] = ["Configuration", "Revocations", "Principals", "Mail", "Notices", "Tokens", "Audit", "Storage", "Refusals"],
        ["SignIn"] = Core,
        ["People"] = Core,
        ["Delegation"] = Core,
        ["Applications"] = Core,
        ["Signals"] = [.. Core, "Webhooks"],
        ["Webhooks"] = Core,
        ["Idempotency"] = ["Configuration", "Tokens", "Storage"],
        ["Api.Http"] = Services,
        ["Api.Auth"] = Surface,
        ["Api.Passwords"] = Surface,
        ["Api.Account"] = Surface,
        ["Api.Sessions"] = Surface,
        ["Api.AppTokens"] = Surface,
        ["Api.OAuth"] = Surface,
        ["Api.Admin"] = Surface,
        ["Api.Revocations"] = Surface,
        ["Api.Pages"] = Surface,
        ["Api.Signals"] = Surface,
        ["Api"] = [.. Surface, .. Surfaces],
        ["Api.Documents"] = [.. Surface, .. Surfaces, "Api"],
        ["Hosting"] = Services,
        ["Program"] = [.. Surface, .. Surfaces, "Api", "Api.Documents", "Hosting"],
    };

    [Fact]
    public void Every_folder_uses_only_those_below_it()
    {
        var violations =
            from path in Repository.SourcesOf(Source)
            let folder = FolderOf(path)
            from use in UsesIn(path)
            where !MayUse.GetValueOrDefault(folder, []).Append(folder).Contains(use.Folder, StringComparer.Ordinal)
            select $"{path}:{use.Line} ({folder}) uses {use.Folder}";

        Breaches.None(violations);
    }

    [Fact]
    public void Every_file_is_in_a_known_folder()
    {
        var lost = Repository.SourcesOf(Source).Where(path => !MayUse.ContainsKey(FolderOf(path)));

        Breaches.None(lost);
    }

    /// <summary>Without this, a file could get the permissions of another folder by its namespace.</summary>
    [Fact]
    public void A_namespace_is_named_like_its_folder()
    {
        var strays =
            from path in Repository.SourcesOf(Source)
            from line in Repository.LinesOf(Source, path)
            where line.StartsWith("namespace ", StringComparison.Ordinal)
            let expected = string.Join('.', path.Split('/').SkipLast(1).Prepend("AuthService"))
            where !line.Trim().Equals($"namespace {expected};", StringComparison.Ordinal)
            select $"{path}: {line}";

        Breaches.None(strays);
    }

    /// <summary>A global using would hide dependencies from these tests.</summary>
    [Fact]
    public void Nothing_of_ours_is_used_globally()
    {
        var globals =
            from path in Repository.SourcesOf(Source)
            from line in Repository.LinesOf(Source, path)
            where line.StartsWith("global using", StringComparison.Ordinal)
            select $"{path}: {line}";

        Breaches.None(globals);
    }

    /// <summary>A sign-in checks everything there: state, lock, limits and required factors.</summary>
    [Fact]
    public void Sessions_of_people_begin_where_a_sign_in_ends_and_nowhere_else()
    {
        var starting = Repository.SourcesOf(Source).Where(path => Array.Exists(
            Repository.LinesOf(Source, path), line => line.Contains($".{nameof(SessionService.TryStartAsync)}(", StringComparison.Ordinal)));

        Assert.Equal(["Sessions/SessionService.cs", "SignIn/SignInCompletion.cs"], starting, StringComparer.Ordinal);
    }

    private static string FolderOf(string path) => path is "Program.cs" or "ServiceSetup.cs" ? "Program" : FolderAt(path.Split('/')[..^1]);

    /// <summary>Gets the folder of a path. Each API below Api counts as a separate folder.</summary>
    private static string FolderAt(string[] folders) => folders switch
    {
        ["Api", var surface, ..] => $"Api.{surface}",
        [var folder, ..] => folder,
        [] => "",
    };

    private static IEnumerable<(string Folder, int Line)> UsesIn(string path) =>
        from numbered in Repository.LinesOf(Source, path).Index()
        where !IsComment(numbered.Item) && !numbered.Item.StartsWith("namespace ", StringComparison.Ordinal)
        from match in OurName().Matches(WithoutStrings().Replace(numbered.Item, "\"\""))
        select (FolderAt(match.Groups["path"].Value.Split('.')), numbered.Index + 1);

    private static bool IsComment(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w.])AuthService\.(?<path>[\w.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OurName();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithoutStrings();
}
