using AuthService.Audit;
using AuthService.Sessions;
using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// Ends what a store that was restored to an earlier moment has brought back: sessions that were revoked since, links that were used, those of notices as
/// well, mails that were sent, browsers that were forgotten or trusted no more. Nobody can tell which they are, so all of them go. Readers of the feed of
/// revocations begin anew.
/// </summary>
internal static class RestoredStore
{
    /// <summary>Tables of what is good once, or for a moment.</summary>
    public static readonly IReadOnlyList<string> LinksAndSteps =
        ["password_resets", "address_confirmations", "notice_links", "sign_in_challenges", "recovery_requests"];

    public static async Task<int> EndAsync(IServiceProvider services, DateTimeOffset restoredAt)
    {
        var store = services.GetRequiredService<Store>();
        // First, so that a reader that hears of these revocations has begun anew.
        await store.InTransactionAsync(() => CommitOrder.RenewAsync(store));
        var sessions = await services.GetRequiredService<SessionRevocation>().RevokeBegunByAsync(restoredAt, AuditActor.CommandLine);
        var (links, mails, devices) = await store.InTransactionAsync(async () =>
        {
            var voided = 0;
            foreach (var table in LinksAndSteps)
                voided += await store.WriteAsync(SqlText.Raw($"DELETE FROM {table}"));
            return (
                voided,
                await store.WriteAsync($"DELETE FROM outbox_mails WHERE created_at <= {UnixMicroseconds.From(restoredAt)}"),
                await store.WriteAsync(
                    $"""
                    UPDATE known_devices SET security_stamp = NULL, trusted_at = NULL
                    WHERE security_stamp IS NOT NULL AND first_seen_at <= {UnixMicroseconds.From(restoredAt)}
                    """));
        });
        return Terminal.Done(
            $"The state of {PastMoment.Show(restoredAt)}: {sessions} sessions have ended; {links} links and sign-in steps are void; "
            + $"{mails} mails are not sent again; {devices} browsers are forgotten, and trusted no more.\n"
            + "Still as they were then: passwords, e-mail addresses, second factors, accounts elsewhere, roles, states, API keys, app tokens and services' "
            + "refresh tokens. Repeat their changes.\n"
            + "Access tokens without a session that were revoked one by one are good again until they expire.");
    }
}
