using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Applications;

/// <summary>Issues and revokes app tokens.</summary>
internal sealed class AppTokenService(
    Store store, ApplicationStore applications, AppTokenStore tokens, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(7);

    /// <returns>Null when the token is unknown or has expired.</returns>
    public async Task<VerifiedAppToken?> VerifyAsync(AppToken token) =>
        await tokens.FindAsync(token.Hash()) is { } found && clock.GetUtcNow() < found.Token.ExpireAt ? found : null;

    /// <returns>Null when the application was deleted in the meantime.</returns>
    public async Task<AppToken?> TryIssueAsync(Application application, PortalAccess access, AuditActor by)
    {
        var token = AppToken.New();
        return await store.InTransactionOfAsync<AppToken?>(by, clock, async now =>
        {
            if (!await applications.TryHoldAsync(application))
                return null;
            await tokens.AddAsync(new AppTokenRecord
            {
                Hash = token.Hash(),
                ApplicationNumber = application.Number,
                FeatureFlags = access.FeatureFlags,
                SessionId = access.SessionId,
                CreatedAt = now,
                ExpireAt = now + (access.Lifetime ?? UsualLifetime),
            });
            await audit.WriteAsync(by, AuditEvents.AppTokenIssued, principal: null, detail: application.Id);
            return token;
        });
    }

    /// <summary>
    /// Makes the tokens expire within <paramref name="grace"/>. With no grace they are deleted, so they are refused at once no matter what other instances'
    /// clocks say.
    /// </summary>
    /// <param name="key">The application.</param>
    /// <param name="sessionIds">Only the tokens that were issued with one of these session ids; every token when null.</param>
    /// <param name="grace">How long the tokens may still be used.</param>
    /// <param name="by">The audit actor.</param>
    /// <returns>False when there is no such application.</returns>
    public async Task<bool> TryRevokeAllAsync(ApplicationKey key, string[]? sessionIds, TimeSpan grace, AuditActor by)
    {
        if (await applications.FindAsync(key) is not { } application)
            return false;
        store.AllowLongStatements();
        return await store.InTransactionOfAsync(by, clock, async now =>
        {
            var ended = grace == TimeSpan.Zero
                ? await tokens.DeleteAllAsync(application, sessionIds, now)
                : await tokens.ShortenAllAsync(application, sessionIds, now + grace);
            var which = sessionIds is null ? "" : $" of {sessionIds.Length} session ids";
            if (ended > 0)
                await audit.WriteAsync(by, AuditEvents.AppTokensExpired, principal: null, detail: $"{application.Id}, {ended} tokens{which}");
            return true;
        });
    }

    /// <returns>False when the token is unknown or has expired.</returns>
    public async Task<bool> TryLogOutAsync(AppToken token, AuditActor by)
    {
        var hash = token.Hash();
        var now = clock.GetUtcNow();
        return await store.InTransactionAsync(async () =>
        {
            if (await tokens.FindAsync(hash) is not { } found || !await tokens.TryDeleteAsync(hash, now))
                return false;
            await audit.WriteAsync(by, AuditEvents.AppTokenLoggedOut, principal: null, detail: found.Application.Id);
            return true;
        });
    }
}
