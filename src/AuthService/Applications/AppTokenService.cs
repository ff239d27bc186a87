using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Applications;

/// <summary>Gives out app tokens and ends them.</summary>
internal sealed class AppTokenService(
    AuthDbContext db, ApplicationStore applications, AppTokenStore tokens, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(7);

    /// <returns>Null when the token is unknown or dead.</returns>
    public async Task<VerifiedAppToken?> VerifyAsync(AppToken token) =>
        await tokens.FindAsync(token.Hash()) is { } found && clock.GetUtcNow() < found.Token.ExpireAt ? found : null;

    /// <returns>Null when the application was deleted in the meantime.</returns>
    public async Task<AppToken?> TryIssueAsync(Application application, TimeSpan lifetime, string[]? featureFlags, Deed deed)
    {
        var token = AppToken.New();
        var now = clock.GetUtcNow();
        return await StoreTransaction.RunAsync<AppToken?>(db, async transaction =>
        {
            if (!await applications.TryHoldAsync(application))
                return null;
            await tokens.AddAsync(new IssuedAppToken
            {
                Hash = token.Hash(),
                ApplicationNumber = application.Number,
                FeatureFlags = featureFlags,
                CreatedAt = now,
                ExpireAt = now + lifetime,
            });
            await audit.WriteAsync(deed, AuditEvents.AppTokenIssued, principal: null, detail: application.Id);
            await transaction.CommitAsync();
            return token;
        });
    }

    /// <summary>Every token of the application ends within <paramref name="grace"/>. What ends at once does so whatever other instances' clocks say.</summary>
    public async Task EndAllAsync(Application application, TimeSpan grace, Deed deed)
    {
        var now = clock.GetUtcNow();
        await StoreTransaction.RunAsync(db, async transaction =>
        {
            var ended = grace == TimeSpan.Zero ? await tokens.DeleteAllAsync(application, now) : await tokens.EndAllAsync(application, now + grace);
            await audit.WriteAsync(deed, AuditEvents.AppTokensExpired, principal: null, detail: $"{application.Id}, {ended} tokens");
            await transaction.CommitAsync();
        });
    }

    /// <returns>False when the token is unknown or dead already.</returns>
    public async Task<bool> TryLogOutAsync(AppToken token, Deed deed)
    {
        var hash = token.Hash();
        var now = clock.GetUtcNow();
        return await StoreTransaction.RunAsync(db, async transaction =>
        {
            if (await tokens.FindAsync(hash) is not { } found || !await tokens.TryDeleteAsync(hash, now))
                return false;
            await audit.WriteAsync(deed, AuditEvents.AppTokenLoggedOut, principal: null, detail: found.Application.Id);
            await transaction.CommitAsync();
            return true;
        });
    }
}
