using AuthService.Hosting.CommandLine;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Hosting.CommandLine;

public sealed class RestoredStoreTests
{
    /// <summary>The tables in which some rows are deleted or changed.</summary>
    private static readonly string[] InPart = ["sessions", "outbox_mails", "known_devices"];

    /// <summary>
    /// The tables that stay: lasting data (people and their data, applications, the webhooks and streams of services), the history, and what prevents repeats
    /// (claims, kept responses, lockouts, budgets). For example, a one-time token without its claim could be used again.
    /// </summary>
    private static readonly string[] Kept =
    [
        "api_keys", "app_tokens", "applications", "audit_events", "claims", "commit_order", "ended_sessions", "event_readers", "identity_links",
        "identity_revocations", "kept_answers", "lockouts", "mail_budgets", "passkeys", "principals", "product_accesses", "recovery_codes",
        "refused_calls", "removed_identities", "revoked_tokens", "signal_sets", "signal_streams", "stored_tokens", "totp_factors",
        "webhook_deliveries", "webhooks",
    ];

    /// <summary>Each new table needs a decision whether a restored backup may keep its rows.</summary>
    [Fact]
    public void Every_table_is_known()
    {
        using var db = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite().Options);

        var tables = db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct(StringComparer.Ordinal);

        var known = RestoredStore.LinksAndSteps.Concat(InPart).Concat(Kept);
        Assert.Equal(known.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
