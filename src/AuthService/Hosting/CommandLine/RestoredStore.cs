using AuthService.Audit;
using AuthService.Sessions.Revoking;
using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// Revokes and deletes what a store brought back that was restored to an earlier moment. This may include revoked sessions, used links, used recovery
/// codes, sent mails, and forgotten browsers. Nothing shows which of them are affected, so all of them are removed. Readers of the feed of revocations
/// begin again.
/// </summary>
internal static class RestoredStore
{
    /// <summary>The tables of links and steps that can be used once or for a short time.</summary>
    public static readonly IReadOnlyList<string> LinksAndSteps =
        ["password_resets", "address_confirmations", "notice_links", "sign_in_challenges", "recovery_requests"];

    public static async Task<int> RevokeAsync(IServiceProvider services, DateTimeOffset restoredAt)
    {
        var store = services.GetRequiredService<Store>();
        // This comes first, so that a reader that learns of these revocations has begun again.
        await store.InTransactionAsync(() => CommitEpoch.RenewAsync(store));
        var sessions = await services.GetRequiredService<SessionRevocation>().RevokeBegunByAsync(restoredAt, AuditActor.CommandLine);
        var (links, codes, mails, devices) = await store.InTransactionAsync(async () =>
        {
            var voided = 0;
            foreach (var table in LinksAndSteps)
                voided += await store.WriteAsync(SqlText.Raw($"DELETE FROM {table}"));
            return (
                voided,
                await store.WriteAsync(SqlText.Raw("DELETE FROM recovery_codes")),
                await store.WriteAsync($"DELETE FROM outbox_mails WHERE created_at <= {UnixMicroseconds.From(restoredAt)}"),
                await store.WriteAsync(
                    $"""
                    UPDATE known_devices SET security_stamp = NULL, trusted_at = NULL
                    WHERE security_stamp IS NOT NULL AND first_seen_at <= {UnixMicroseconds.From(restoredAt)}
                    """));
        });
        return Terminal.Done(
            $"The state of {PastMoment.Show(restoredAt)}: {sessions} sessions have ended; {links} links and sign-in steps are void; "
            + $"{codes} recovery codes are void; {mails} mails are not sent again; {devices} browsers are forgotten, and trusted no more.\n"
            + "People with an authenticator app make new recovery codes at /account; user remove-factors ID helps those who have lost the app.\n"
            + "Still as they were then: passwords, e-mail addresses, second factors, accounts elsewhere, roles, states, API keys, app tokens and services' "
            + "refresh tokens. Repeat their changes.\n"
            + "Access tokens without a session that were revoked one by one are good again until they expire.");
    }
}
