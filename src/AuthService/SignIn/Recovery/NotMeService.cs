using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn.Recovery;

/// <summary>A person says of a notice that it was not them. It needs no sign-in: a stranger may have left them none.</summary>
internal sealed class NotMeService(
    NoticeLinkStore links, PrincipalStore principals, PrincipalChangeService changes, NotMeUndo undo, Store store)
{
    /// <returns>False when the token is unknown, used up or expired.</returns>
    public Task<bool> TryReportAsync(NotMeToken token, DateTimeOffset now, AuditActor by) => store.InTransactionAsync(
        async () => await links.TryTakeAsync(token.Hash(), now) is { } link
            && await FindHeldAsync(link.PrincipalNumber) is { } person
            && await changes.TryReportNotMeAsync(person, link.Address, () => undo.RunAsync(link), by),
        isKept: reported => reported);

    /// <summary>A stranger who goes on changing the account must not be able to keep its owner from this.</summary>
    private async Task<Principal?> FindHeldAsync(long person)
    {
        await store.TryHoldAsync($"principals WHERE number = {person}", RowLock.Exclusive);
        return await principals.FindByNumberAsync(person);
    }
}

/// <summary>Takes back what the notice told of, in the caller's transaction.</summary>
internal sealed class NotMeUndo(SecondFactorStore factors, PasskeyStore passkeys, AddressConfirmationStore confirmations)
{
    public async Task RunAsync(NoticeLink link)
    {
        if (link.RemovesTotp)
            await factors.TryRemoveAsync(link.PrincipalNumber);
        if (link.PasskeyId is { } passkey)
            await passkeys.TryRemoveAsync(link.PrincipalNumber, passkey);
        await confirmations.VoidAsync(link.PrincipalNumber);
    }
}
