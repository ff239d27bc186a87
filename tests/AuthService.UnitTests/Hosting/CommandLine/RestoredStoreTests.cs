using AuthService.Hosting.CommandLine;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthService.UnitTests.Hosting.CommandLine;

public sealed class RestoredStoreTests
{
    /// <summary>Of which some rows go, or change.</summary>
    private static readonly string[] InPart = ["sessions", "outbox_mails", "known_devices"];

    /// <summary>
    /// What lasts (people and what they have, applications, services' webhooks and streams), what is kept of the past, and what must not happen again:
    /// claims, kept answers, locks and budgets. A one-time token would be good once more whose claim is forgotten.
    /// </summary>
    private static readonly string[] Kept =
    [
        "api_keys", "app_tokens", "applications", "audit_events", "claims", "commit_order", "ended_sessions", "event_readers", "identity_links",
        "identity_revocations", "kept_answers", "lockouts", "mail_budgets", "passkeys", "principals", "product_accesses", "recovery_codes",
        "refused_calls", "removed_identities", "revoked_tokens", "signal_sets", "signal_streams", "stored_tokens", "totp_factors",
        "webhook_deliveries", "webhooks",
    ];

    /// <summary>A new table must say whether a backup may bring its rows back.</summary>
    [Fact]
    public void Every_table_is_known()
    {
        using var db = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite().Options);

        var tables = db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct(StringComparer.Ordinal);

        var known = RestoredStore.LinksAndSteps.Concat(InPart).Concat(Kept);
        Assert.Equal(known.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
