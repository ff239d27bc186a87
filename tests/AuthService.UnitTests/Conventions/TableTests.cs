using System.Text.RegularExpressions;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>
/// Checks which folders of src/AuthService name which tables in SQL. A statement that names a table of another folder depends on its columns, and no
/// <c>using</c> shows that. So each such pair is listed here, and a new one is a decision: a method of the owner may do as well.
/// </summary>
public sealed partial class TableTests
{
    private const string Source = "src/AuthService";

    /// <summary>
    /// For each table the folder that owns it and has its mapping, then the other folders that name it. Their reasons: Delegation and Sessions write the audit
    /// entry in the statement of the change. Sessions, SignIn and Signals check the principal in their own statements. Principals locks the session and the key
    /// of a caller, deletes what belongs to a deleted person, and resets failed sign-ins. Revocations reads what was revoked. Storage moves the positions of a
    /// restored database, and Hosting deletes what it brought back.
    /// </summary>
    private static readonly Dictionary<string, string[]> Folders = new(StringComparer.Ordinal)
    {
        ["address_confirmations"] = ["SignIn", "Hosting", "Principals"],
        ["api_keys"] = ["Principals"],
        ["app_tokens"] = ["Applications"],
        ["applications"] = ["Applications"],
        ["audit_events"] = ["Audit", "Delegation", "Sessions", "Storage"],
        ["claims"] = ["Delegation", "Sessions"],
        ["commit_order"] = ["Storage", "Audit", "Revocations"],
        ["ended_sessions"] = ["Sessions", "Revocations", "SignIn", "Storage"],
        ["event_readers"] = ["Audit", "Storage"],
        ["identity_links"] = ["SignIn"],
        ["identity_revocations"] = ["Revocations", "Storage"],
        ["kept_answers"] = ["Idempotency"],
        ["known_devices"] = ["SignIn", "Hosting", "Principals"],
        ["lockouts"] = ["SignIn", "Principals"],
        ["mail_budgets"] = ["Mail"],
        ["notice_links"] = ["Notices", "Hosting", "Principals"],
        ["outbox_mails"] = ["Mail", "Hosting"],
        ["passkeys"] = ["SignIn", "Principals"],
        ["password_resets"] = ["SignIn", "Hosting", "Principals"],
        ["principals"] = ["Principals", "Sessions", "SignIn", "Signals"],
        ["product_accesses"] = ["Sessions"],
        ["recovery_codes"] = ["SignIn", "Hosting", "Principals"],
        ["recovery_requests"] = ["SignIn", "Hosting"],
        ["refused_calls"] = ["Refusals"],
        ["removed_identities"] = ["SignIn", "Principals"],
        ["revoked_tokens"] = ["Sessions", "Revocations", "Storage"],
        ["sessions"] = ["Sessions", "Principals", "Revocations"],
        ["sign_in_challenges"] = ["SignIn", "Hosting", "Principals"],
        ["signal_sets"] = ["Signals"],
        ["signal_streams"] = ["Signals"],
        ["stored_tokens"] = ["Sessions"],
        ["totp_factors"] = ["SignIn", "Principals"],
        ["webhook_deliveries"] = ["Webhooks"],
        ["webhooks"] = ["Webhooks"],
    };

    [Fact]
    public void Each_table_is_owned_by_the_folder_of_its_mapping()
    {
        using var db = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite().Options);

        var mapped = db.Model.GetEntityTypes().Select(type => $"{type.GetTableName()} {type.ClrType.Namespace!.Split('.')[1]}");

        Assert.Equal(
            Folders.Select(table => $"{table.Key} {table.Value[0]}").Order(StringComparer.Ordinal),
            mapped.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Only_listed_folders_name_a_table()
    {
        var breaches =
            from use in Uses()
            where !Folders[use.Table].Contains(use.Folder, StringComparer.Ordinal)
            select $"{use.Place} names {use.Table}, which belongs to {Folders[use.Table][0]}";

        Breaches.None(breaches);
    }

    [Fact]
    public void Every_listed_folder_names_the_table()
    {
        var uses = Uses().Select(use => (use.Table, use.Folder)).ToHashSet();

        var unused =
            from table in Folders
            from folder in table.Value.Skip(1)
            where !uses.Contains((table.Key, folder))
            select $"{folder} no longer names {table.Key}: remove it from the list";

        Breaches.None(unused);
    }

    /// <summary>Lists where tables are named. Migrations are left out: they create and change all tables.</summary>
    private static IEnumerable<(string Table, string Folder, string Place)> Uses() =>
        from path in Repository.SourcesOf(Source)
        where !path.StartsWith("Storage/Migrations/", StringComparison.Ordinal)
        from line in Repository.LinesOf(Source, path).Index()
        where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
        from match in TableName().Matches(line.Item)
        let table = match.Groups["table"].Value
        where Folders.ContainsKey(table)
        select (table, path.Split('/')[0], $"{path}:{line.Index + 1}");

    /// <summary>
    /// A name in SQL: after a keyword, or before an alias or a condition. In quotes alone only names count that stand for nothing else.
    /// </summary>
    [GeneratedRegex(
        @"\b(FROM|JOIN|INTO|UPDATE) (?<table>\w+)|\b(?<table>\w+)(?= AS [a-z]| WHERE\b)|""(?<table>[a-z]+_\w+|passkeys)""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableName();
}
