using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.SignIn.Recovery;

/// <summary>
/// Mails a link for a new password to people who have forgotten theirs. A request is only stored; <see cref="TryServeAsync"/> looks up the address
/// later, so that the response takes the same time for every address.
/// </summary>
internal sealed class PasswordRecovery(
    RecoveryStore requests, PasswordResetMails mails, RecoveryWakeUp signal, Store store, TimeProvider clock)
{
    public async Task RequestAsync(MailAddress address, AuditActor by)
    {
        var now = clock.GetUtcNow();
        await requests.AddAsync(new RecoveryRequest
        {
            Id = Guid.CreateVersion7(now),
            FoldedEmail = PrincipalName.Fold(address.Text),
            IpAddress = by.IpAddress,
            ExpireAt = now + RecoveryRequest.Lifetime,
        });
        signal.Raise();
    }

    /// <summary>Serves one stored request.</summary>
    /// <returns>False when there is none.</returns>
    public Task<bool> TryServeAsync() => store.InTransactionAsync(async () =>
    {
        if (await requests.TryTakeAsync(clock.GetUtcNow()) is not { } request)
            return false;
        await mails.SendAsync(request);
        return true;
    });
}
