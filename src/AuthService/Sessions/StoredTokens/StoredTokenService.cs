using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions.StoredTokens;

internal abstract record StoredTokenOutcome
{
    private StoredTokenOutcome()
    {
    }

    /// <param name="Value">The value that was read; empty after a write or delete.</param>
    internal sealed record Done(byte[] Value) : StoredTokenOutcome;

    internal sealed record UnknownSession : StoredTokenOutcome;

    internal sealed record UnknownToken : StoredTokenOutcome;

    /// <summary>The session impersonates somebody.</summary>
    internal sealed record Impersonating : StoredTokenOutcome;

    /// <summary>Another service wrote the token.</summary>
    internal sealed record NotAllowed : StoredTokenOutcome;

    /// <summary>The encryption key for writing, or the one with which the token was written, is not configured.</summary>
    internal sealed record KeyMissing : StoredTokenOutcome;
}

/// <summary>
/// Reads and writes the tokens of single sign-on providers. Every access token contains the id of its session, so knowing the id proves nothing. Only the
/// writer of a token, administrators and the services in <see cref="SessionOptions.TokenReaders"/> may use it. Every access is audited.
/// </summary>
internal sealed class StoredTokenService(
    SessionService sessions, StoredTokenStore tokens, Store store, IOptionsMonitor<SessionOptions> options, TimeProvider clock)
{
    private static readonly StoredTokenOutcome Done = new StoredTokenOutcome.Done([]);
    private static readonly StoredTokenOutcome NotAllowed = new StoredTokenOutcome.NotAllowed();
    private static readonly StoredTokenOutcome UnknownToken = new StoredTokenOutcome.UnknownToken();

    public Task<StoredTokenOutcome> PutAsync(StoredTokenPlace place, byte[] value, Principal caller, AuditActor by) => AccessAsync(
        place, AuditEvents.StoredTokenWritten, by, async () => !tokens.CanSeal
            ? new StoredTokenOutcome.KeyMissing()
            : await tokens.TryPutAsync(place, value, ReaderOf(caller)) ? Done : NotAllowed);

    public Task<StoredTokenOutcome> GetAsync(StoredTokenPlace place, Principal caller, AuditActor by) => AccessAsync(
        place, AuditEvents.StoredTokenRead, by, () => ReachAsync(place, caller, token => Task.FromResult<StoredTokenOutcome>(
            tokens.CanOpen(token) ? new StoredTokenOutcome.Done(tokens.Open(token)) : new StoredTokenOutcome.KeyMissing())));

    public Task<StoredTokenOutcome> DeleteAsync(StoredTokenPlace place, Principal caller, AuditActor by) => AccessAsync(
        place, AuditEvents.StoredTokenDeleted, by, () => ReachAsync(
            place, caller, async _ => await tokens.TryDeleteAsync(place) ? Done : UnknownToken));

    private async Task<StoredTokenOutcome> ReachAsync(StoredTokenPlace place, Principal caller, Func<StoredToken, Task<StoredTokenOutcome>> use)
    {
        if (await tokens.FindAsync(place) is not { } token)
            return UnknownToken;
        return ReaderOf(caller).Reaches(token) ? await use(token) : NotAllowed;
    }

    /// <summary>Runs an access and writes an audit entry when it was done or refused; a missing token gets no entry.</summary>
    private async Task<StoredTokenOutcome> AccessAsync(StoredTokenPlace place, string name, AuditActor by, Func<Task<StoredTokenOutcome>> access)
    {
        if (await sessions.GetAsync(place.SessionId, keepAlive: false) is not { Owned: var owned })
            return new StoredTokenOutcome.UnknownSession();
        return await store.InTransactionOfAsync(by, clock, async now =>
        {
            if (owned.Actor is null && !await tokens.TryHoldSessionAsync(place))
                return new StoredTokenOutcome.UnknownSession();
            var outcome = owned.Actor is null ? await access() : new StoredTokenOutcome.Impersonating();
            if (outcome is StoredTokenOutcome.Done or StoredTokenOutcome.NotAllowed or StoredTokenOutcome.Impersonating)
            {
                var result = outcome is StoredTokenOutcome.Done ? AuditOutcome.Success : AuditOutcome.Refused;
                await store.InsertAsync(
                    by.CreateEntry(name, now, (owned.Actor ?? owned.Principal).Id, result, place.SessionId, AuditText.Printable(place.TokenId)));
            }

            return outcome;
        });
    }

    private StoredTokenReader ReaderOf(Principal caller) =>
        new(caller.Number, caller.Role is Role.Admin || options.CurrentValue.TokenReaders.GetValueOrDefault(caller.Id));
}
