using AuthService.Applications;
using AuthService.Audit;
using AuthService.Delegation;
using AuthService.Idempotency;
using AuthService.Mail;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Revocations;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Signals;
using AuthService.SignIn;
using AuthService.SignIn.Devices;
using AuthService.SignIn.Recovery;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using AuthService.Webhooks;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// Deletes expired rows. Nothing depends on it, because expired rows never count. It works in small batches with pauses between them, and instances
/// skip each other's rows.
/// </summary>
internal sealed class CleanUpWorker(
    IServiceScopeFactory scopes, Readiness readiness, TimeProvider clock, IOptions<CleanUpOptions> options, ILogger<CleanUpWorker> logger) : Worker
{
    private const int BatchSize = 500;
    private static readonly TimeSpan PauseBetweenBatches = TimeSpan.FromMilliseconds(50);

    /// <summary>The interval of a clean-up that reads all principals and rarely finds a row.</summary>
    private static readonly TimeSpan BetweenDeletedPeople = TimeSpan.FromHours(1);

    private DateTimeOffset _nextDeletedPeople;

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.Interval);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (!readiness.IsReady)
                continue;
            await TryInScopeAsync(
                scopes, services => CleanUpAsync(services, stopping), error => HostingLog.CleanUpFailed(logger, "expired rows", error), stopping);
        }
    }

    private async Task CleanUpAsync(IServiceProvider services, CancellationToken cancellation)
    {
        services.GetRequiredService<Store>().AllowLongStatements();
        await InBatchesAsync(services.GetRequiredService<SessionRevocation>().DeleteExpiredAsync, "sessions", cancellation);
        await InBatchesAsync(services.GetRequiredService<ClaimedTokenStore>().DeleteForgottenAsync, "claims", cancellation);
        await InBatchesAsync(services.GetRequiredService<LockoutStore>().DeleteForgottenAsync, "lockouts", cancellation);
        await InBatchesAsync(services.GetRequiredService<EndedSessionStore>().DeleteExpiredAsync, "ended sessions", cancellation);
        await InBatchesAsync(services.GetRequiredService<PasswordResetStore>().DeleteExpiredAsync, "password resets", cancellation);
        await InBatchesAsync(services.GetRequiredService<RecoveryStore>().DeleteExpiredAsync, "requests for a new password", cancellation);
        await InBatchesAsync(services.GetRequiredService<AddressConfirmationStore>().DeleteExpiredAsync, "links to confirm an address", cancellation);
        await InBatchesAsync(services.GetRequiredService<NoticeLinkStore>().DeleteExpiredAsync, "links of notices", cancellation);
        await InBatchesAsync(services.GetRequiredService<SignInChallengeStore>().DeleteExpiredAsync, "sign-in challenges", cancellation);
        await InBatchesAsync(services.GetRequiredService<KnownDeviceStore>().DeleteExpiredAsync, "known devices", cancellation);
        await InBatchesAsync(services.GetRequiredService<AppTokenStore>().DeleteExpiredAsync, "app tokens", cancellation);
        await InBatchesAsync(services.GetRequiredService<ApiKeyStore>().DeleteExpiredAsync, "API keys", cancellation);
        await InBatchesAsync(services.GetRequiredService<KeptAnswerStore>().DeleteForgottenAsync, "kept answers", cancellation);
        await InBatchesAsync(services.GetRequiredService<RevokedTokenStore>().DeleteForgottenAsync, "revoked tokens", cancellation);
        await InBatchesAsync(services.GetRequiredService<IdentityRevocationStore>().DeleteForgottenAsync, "revoked identities", cancellation);
        await InBatchesAsync(services.GetRequiredService<RefusalStore>().DeleteForgottenAsync, "refused calls", cancellation);
        await InBatchesAsync(services.GetRequiredService<MailStore>().DeleteExpiredAsync, "mails", cancellation);
        await InBatchesAsync(services.GetRequiredService<MailStore>().DeleteWholeBudgetsAsync, "mail budgets", cancellation);
        await InBatchesAsync(services.GetRequiredService<WaitingSetStore>().DeleteExpiredAsync, "SETs", cancellation);
        await InBatchesAsync(services.GetRequiredService<SignalStreamStore>().DeleteOrphansAsync, "streams", cancellation);
        await InBatchesAsync(services.GetRequiredService<WebhookDeliveryStore>().DeleteForgottenAsync, "deliveries to webhooks", cancellation);
        if (clock.GetUtcNow() is var now && now >= _nextDeletedPeople
            && await InBatchesAsync(services.GetRequiredService<DeletedPeople>().DeleteLeftoversAsync, "leftovers of deleted people", cancellation))
        {
            _nextDeletedPeople = now + BetweenDeletedPeople;
        }

        var audit = services.GetRequiredService<AuditStore>();
        await InBatchesAsync(
            async (at, limit, stop) => await audit.MayDeleteAsync() ? await audit.DeleteForgottenAsync(at, limit, stop) : 0, "audit events", cancellation);
    }

    /// <summary>Deletes the expired rows of one table. A failure does not keep the other tables from being cleaned up.</summary>
    /// <returns>Whether nothing failed.</returns>
    private async Task<bool> InBatchesAsync(Func<DateTimeOffset, int, CancellationToken, Task<int>> delete, string what, CancellationToken cancellation)
    {
        if (!readiness.IsReady)
            return false; // the database is away, and each table would wait for it
        try
        {
            var total = await BatchDeletion.RunAsync(
                BatchSize, limit => delete(clock.GetUtcNow(), limit, cancellation), PauseBetweenBatches, cancellation);
            if (total > 0)
                HostingLog.CleanedUp(logger, total, what);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            HostingLog.CleanUpFailed(logger, what, error);
            return false;
        }
    }
}
