using AuthService.Idempotency;
using AuthService.Mail;
using AuthService.Sessions.StoredTokens;
using AuthService.Signals;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using AuthService.Tokens;
using AuthService.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Hosting.CommandLine;

/// <summary>Which rows each encryption key is needed for: those of a key that is gone cannot be read, and one that no row needs may go.</summary>
internal static class EncryptionKeyExamination
{
    private const string Keys = "encryption keys";

    /// <param name="services">Their store has the current schema.</param>
    public static async Task<IEnumerable<Finding>> ExamineAsync(IServiceProvider services)
    {
        var (store, box) = (services.GetRequiredService<Store>(), services.GetRequiredService<SecretBox>());
        store.AllowLongStatements();
        var uses = await ListUsesAsync(store, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var missing = uses.Select(use => use.KeyId).Where(keyId => !box.Holds(keyId)).Distinct(StringComparer.Ordinal);
        return box.KeyIds.Select(keyId => ExamineHeld(keyId, box.SealsWith(keyId), uses)).Concat(missing.Select(keyId => Finding.Wrong(
            Keys, $"\"{keyId}\" is not configured, and without it cannot be read: {ToWords(keyId, uses)}. Add it after the others")));
    }

    private static Finding ExamineHeld(string keyId, bool seals, List<KeyUse> uses)
    {
        if (seals)
            return Finding.Fine(Keys, $"\"{keyId}\" writes");
        return uses.Exists(use => use.KeyId == keyId)
            ? Finding.Doubtful(Keys, $"\"{keyId}\" must stay, for it is needed by: {ToWords(keyId, uses)}")
            : Finding.Fine(Keys, $"\"{keyId}\" is needed by no row and can be removed once no instance writes with it");
    }

    private static string ToWords(string keyId, List<KeyUse> uses) =>
        string.Join(", ", uses.Where(use => use.KeyId == keyId).Select(use => $"{use.What} ({use.Rows})"));

    /// <summary>What is over, and waits for the clean-up, needs none.</summary>
    private static async Task<List<KeyUse>> ListUsesAsync(Store store, DateTimeOffset now) =>
    [
        .. await CountAsync(store, "authenticator apps", db => db.Set<TotpFactor>().Select(factor => factor.KeyId)),
        .. await CountAsync(store, "apps being connected", db => db.Set<SignInChallenge>()
            .Where(challenge => challenge.KeyId != null && challenge.ExpireAt > now).Select(challenge => challenge.KeyId!)),
        .. await CountAsync(store, "stored SSO tokens", db => db.Set<StoredToken>().Select(token => token.KeyId)),
        .. await CountAsync(store, "mails that wait", db => db.Set<OutboxMail>().Where(mail => mail.ExpireAt > now).Select(mail => mail.KeyId)),
        .. await CountAsync(store, "secrets of webhooks", db => db.Set<Webhook>().Select(webhook => webhook.KeyId)),
        .. await CountAsync(store, "former secrets of webhooks", db => db.Set<Webhook>()
            .Where(webhook => webhook.PreviousKeyId != null && webhook.PreviousSecretUntil > now).Select(webhook => webhook.PreviousKeyId!)),
        .. await CountAsync(store, "kept answers", db => db.Set<KeptAnswer>().Where(answer => answer.ForgetAt > now).Select(answer => answer.KeyId)),
        .. await CountAsync(store, "receivers' authorization headers", db => db.Set<SignalStream>()
            .Where(stream => stream.KeyId != null).Select(stream => stream.KeyId!)),
    ];

    private static async Task<IEnumerable<KeyUse>> CountAsync(Store store, string what, Func<AuthDbContext, IQueryable<string>> keyIds)
    {
        var counts = await store.ReadAsync(db => keyIds(db).GroupBy(id => id).Select(rows => new { KeyId = rows.Key, Rows = rows.Count() }).ToListAsync());
        return counts.OrderBy(count => count.KeyId, StringComparer.Ordinal).Select(count => new KeyUse(count.KeyId, what, count.Rows));
    }

    private sealed record KeyUse(string KeyId, string What, int Rows);
}
