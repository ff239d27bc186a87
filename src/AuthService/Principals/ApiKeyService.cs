using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Principals;

/// <summary>Gives services API keys, checks and revokes them.</summary>
internal sealed class ApiKeyService(AuthDbContext db, ApiKeyStore keys, AuditLog audit, TimeProvider clock)
{
    private const int ShownCharacters = 10;

    /// <summary>A key that is used all the time is written about once a minute.</summary>
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <returns>Null when the principal is no enabled service.</returns>
    public async Task<IssuedKey?> TryCreateAsync(Principal service, string name, Deed deed)
    {
        if (service.Type is not PrincipalType.Service)
            return null;
        var secret = ApiKey.New();
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var key = new IssuedApiKey
        {
            Id = Guid.CreateVersion7(now),
            PrincipalNumber = service.Number,
            Name = name,
            Prefix = secret.Reveal()[..ShownCharacters],
            Hash = secret.Hash(),
            CreatedAt = now,
        };
        return await StoreTransaction.RunAsync<IssuedKey?>(db, async transaction =>
        {
            if (!await keys.TryHoldEnabledAsync(service))
                return null;
            await keys.AddAsync(key);
            await audit.WriteAsync(deed, AuditEvents.ApiKeyCreated, service.Id, detail: $"{key.Id} ({name})");
            await transaction.CommitAsync();
            return new IssuedKey(key, secret);
        });
    }

    /// <returns>The service that the key speaks for; null when the key does not hold.</returns>
    public async Task<Principal?> VerifyAsync(ApiKey secret)
    {
        if (await keys.FindAsync(secret.Hash()) is not { Principal.State: PrincipalState.Enabled } owned)
            return null;
        var now = clock.GetUtcNow();
        if (owned.Key.LastUsedAt is null || now - owned.Key.LastUsedAt > TouchInterval)
            await keys.TouchAsync(owned.Key, now);
        return owned.Principal;
    }

    /// <returns>False when the service has no such key.</returns>
    public Task<bool> TryRevokeAsync(Principal service, Guid id, Deed deed) => StoreTransaction.RunAsync(db, async transaction =>
    {
        if (!await keys.TryDeleteAsync(service, id))
            return false;
        await audit.WriteAsync(deed, AuditEvents.ApiKeyRevoked, service.Id, detail: id.ToString());
        await transaction.CommitAsync();
        return true;
    });
}

/// <summary>An API key that has just been made, with the secret that is shown once.</summary>
internal sealed record IssuedKey(IssuedApiKey Key, ApiKey Secret);
