using System.Security.Cryptography;
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

/// <summary>Examines which rows need which encryption key. Rows of a missing key cannot be read. A key that no row needs may be removed.</summary>
internal static class EncryptionKeyExamination
{
    private const string Keys = "encryption keys";

    /// <param name="services">The services of a store with the current schema.</param>
    public static async Task<IEnumerable<Finding>> ExamineAsync(IServiceProvider services)
    {
        var (store, box) = (services.GetRequiredService<Store>(), services.GetRequiredService<SecretBox>());
        store.AllowLongStatements();
        var uses = await ListUsesAsync(store, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var missing = uses.Select(use => use.KeyId).Where(keyId => !box.Holds(keyId)).Distinct(StringComparer.Ordinal);
        List<Finding> findings = [];
        foreach (var keyId in box.KeyIds)
        {
            var unopened = await ListUnopenedAsync(store, box, keyId);
            findings.Add(unopened.Count > 0 ? OtherKey(keyId, unopened) : ExamineHeld(keyId, box.SealsWith(keyId), uses));
        }

        return findings.Concat(missing.Select(keyId => Finding.Wrong(
            Keys, $"\"{keyId}\" is not configured, and without it cannot be read: {ToWords(keyId, uses)}. Add it after the others")));
    }

    private static Finding OtherKey(string keyId, List<string> unopened) => Finding.Wrong(
        Keys,
        $"\"{keyId}\" is another key than the one of that name that wrote {string.Join(", ", unopened)}. "
        + "Bring the old one back, and give the new one another name");

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

    /// <summary>Counts the rows of each kind by key. Expired rows that wait for the clean-up need no key.</summary>
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

    /// <summary>Opens one row of each lasting kind with the key, and lists the kinds for which this fails.</summary>
    private static async Task<List<string>> ListUnopenedAsync(Store store, SecretBox box, string keyId)
    {
        return
        [
            .. await TryAsync("authenticator apps", db => db.Set<TotpFactor>().Where(row => row.KeyId == keyId),
                row => (row.SealedSecret, TotpFactor.PlaceOf(row.PrincipalNumber))),
            .. await TryAsync("stored SSO tokens", db => db.Set<StoredToken>().Where(row => row.KeyId == keyId),
                row => (row.SealedValue, new StoredTokenPlace(row.SessionId, row.TokenId).ToBytes())),
            .. await TryAsync("secrets of webhooks", db => db.Set<Webhook>().Where(row => row.KeyId == keyId),
                row => (row.SealedSecret, Webhook.PlaceOf(row.Id))),
            .. await TryAsync("receivers' authorization headers", db => db.Set<SignalStream>().Where(row => row.KeyId == keyId),
                row => (row.SealedAuthorization!, SignalStream.PlaceOf(row.Id))),
        ];

        async Task<IEnumerable<string>> TryAsync<T>(string what, Func<AuthDbContext, IQueryable<T>> rows, Func<T, (byte[] Bytes, byte[] Place)> read)
            where T : class
        {
            if (await store.ReadAsync(db => rows(db).AsNoTracking().FirstOrDefaultAsync()) is not { } row)
                return [];
            var (bytes, place) = read(row);
            try
            {
                box.Open(new SealedValue(keyId, bytes), place);
                return [];
            }
            catch (CryptographicException)
            {
                return [what];
            }
        }
    }

    private sealed record KeyUse(string KeyId, string What, int Rows);
}
