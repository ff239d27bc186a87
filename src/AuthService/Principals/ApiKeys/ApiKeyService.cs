using AuthService.Audit;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Principals.ApiKeys;

internal abstract record NewApiKeyOutcome
{
    private NewApiKeyOutcome()
    {
    }

    /// <param name="Key">The key as it is stored.</param>
    /// <param name="Secret">The secret, which is shown only once.</param>
    internal sealed record Created(ApiKeyRecord Key, ApiKey Secret) : NewApiKeyOutcome;

    /// <summary>The principal is not an enabled service.</summary>
    internal sealed record NoService : NewApiKeyOutcome;

    /// <summary>The expiry is in the past, so the key would never be accepted.</summary>
    internal sealed record Expired : NewApiKeyOutcome;
}

/// <summary>The API key that a caller wants to create.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="ExpireAt">When the key expires; null when it does not.</param>
internal sealed record WantedApiKey(string Name, DateTimeOffset? ExpireAt);

/// <summary>Creates, verifies and revokes the API keys of services.</summary>
internal sealed class ApiKeyService(Store store, ApiKeyStore keys, AuditLog audit, RefusalNotes refusals, TimeProvider clock)
{
    private const int ShownCharacters = 10;

    /// <summary>How often the time of the last use is written at most: about once a minute for a key in constant use.</summary>
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    public async Task<NewApiKeyOutcome> CreateAsync(Principal service, WantedApiKey wanted, AuditActor by)
    {
        if (service.Type is not PrincipalType.Service)
            return new NewApiKeyOutcome.NoService();
        var secret = ApiKey.New();
        return await store.InTransactionOfAsync<NewApiKeyOutcome>(by, clock, async now =>
        {
            if (!await keys.TryHoldEnabledAsync(service))
                return new NewApiKeyOutcome.NoService();
            DateTimeOffset? expireAt = wanted.ExpireAt is { } end ? UnixMicroseconds.Rounded(end) : null;
            if (expireAt <= now)
                return new NewApiKeyOutcome.Expired();
            var key = new ApiKeyRecord
            {
                Id = Guid.CreateVersion7(now),
                PrincipalNumber = service.Number,
                Name = wanted.Name,
                Prefix = secret.Reveal()[..ShownCharacters],
                Hash = secret.Hash(),
                CreatedAt = now,
                ExpireAt = expireAt,
            };
            await keys.AddAsync(key);
            var until = expireAt is { } at ? $", expires {at:O}" : "";
            await audit.WriteAsync(by, AuditEvents.ApiKeyCreated, service.Id, detail: $"{key.Id} ({wanted.Name}){until}");
            return new NewApiKeyOutcome.Created(key, secret);
        }, alsoLocked: $"number = {service.Number}");
    }

    /// <returns>The key and its service; null when the key is not valid.</returns>
    public async Task<ApiKeyWithService?> VerifyAsync(ApiKey secret)
    {
        var now = clock.GetUtcNow();
        if (await keys.FindAsync(secret.Hash()) is not { } owned)
            return Refuse(RefusalReason.UnknownToken);
        if (owned.Principal.State is not PrincipalState.Enabled)
            return Refuse(RefusalReason.PrincipalDisabled, owned.Principal, RefusalFact.Of("state", owned.Principal.State));
        if (owned.Key.ExpireAt is { } end && end <= now)
            return Refuse(RefusalReason.UnknownToken, owned.Principal, RefusalFact.Of("expireAt", end));
        if (owned.Key.LastUsedAt is null || now - owned.Key.LastUsedAt > TouchInterval)
            await keys.TouchAsync(owned.Key, now);
        return owned;
    }

    /// <returns>False when the service has no such key.</returns>
    public Task<bool> TryRevokeAsync(Principal service, Guid id, AuditActor by) => store.InTransactionOfAsync(by, clock, async now =>
    {
        if (!await keys.TryDeleteAsync(service, id, now))
            return false;
        await audit.WriteAsync(by, AuditEvents.ApiKeyRevoked, service.Id, detail: id.ToString());
        return true;
    });

    private ApiKeyWithService? Refuse(RefusalReason reason, Principal? service = null, params RefusalFact[] facts)
    {
        refusals.Add(new RefusalNote(reason) { Principal = service?.Id, Facts = facts });
        return null;
    }
}
