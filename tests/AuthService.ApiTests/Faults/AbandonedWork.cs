using System.Globalization;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Shortens what a trial would wait for after its load: leases of instances that were killed or lacked their database, and long pauses before a retry. Only
/// times change, as if the clock were moved for these rows: an instance has to find that a lease has passed or that a retry is due, and take the row, as it
/// does in operation. Leases that last are tested in MailLeaseTests and WebhookOrderTests, the pauses themselves in DeliveryTests and WebhookFailureTests.
/// </summary>
internal static class AbandonedWork
{
    /// <summary>The age of a lease that counts as abandoned. An instance that still works finishes sooner.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause before a retry that a trial waits for: longer than those before the first retry of a mail and of a webhook.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private const string Mails = "outbox_mails";

    private static readonly (string Table, TimeSpan Lease)[] Work = [("webhook_deliveries", TimeSpan.FromMinutes(1)), (Mails, TimeSpan.FromMinutes(3))];

    /// <param name="database">The database of the instances.</param>
    /// <param name="now">The time on the clock of the instances.</param>
    /// <param name="sent">
    /// The mails whose leases stay: they have arrived, and the instance that sent them has still to mark them as sent. Another one would send them again.
    /// </param>
    public static async Task HastenAsync(TestDatabase database, DateTimeOffset now, params IEnumerable<Guid> sent)
    {
        var unsent = $"lower(CAST(id AS text)) NOT IN ({string.Join(',', sent.Select(mail => $"'{mail}'").Prepend("''"))})";
        foreach (var (table, lease) in Work)
        {
            var (at, old, late) = (Microseconds(now), Microseconds(now - Abandoned + lease), Microseconds(now + LongestPause));
            var abandoned = $"claimed_until > {at} AND claimed_until <= {old}{(table is Mails ? $" AND {unsent}" : "")}";
            await database.ExecuteAsync($"UPDATE {table} SET claimed_until = {at} WHERE {abandoned}");
            await database.ExecuteAsync($"UPDATE {table} SET next_attempt_at = {at} WHERE claimed_until IS NULL AND attempts > 0 AND next_attempt_at > {late}");
        }
    }

    private static string Microseconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture);
}
