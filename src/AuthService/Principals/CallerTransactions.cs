using AuthService.Audit;
using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>The row of a principal, as it is after it was locked.</summary>
internal sealed record HeldPrincipal(long Number, int SecurityStamp, int State, int Role)
{
    public bool IsEnabled => State == (int)PrincipalState.Enabled;

    public bool IsEnabledAdministrator => IsEnabled && Role == (int)Principals.Role.Admin;
}

/// <summary>
/// Runs transactions that first lock the caller. From then on nobody can disable, change or sign out the caller before the change is written. If somebody did
/// so earlier, the change is refused. The time that a unit of work gets is taken after the lock.
/// </summary>
/// <remarks>
/// The credential was verified before (<see cref="Sessions.Rules.SessionRules"/>). Only what another request may have changed since then is checked again.
/// </remarks>
internal static class CallerTransactions
{
    private static readonly FormattableString NoOthers = SqlText.Raw("FALSE");

    /// <summary>Runs a change that the same caller may make many times in parallel.</summary>
    /// <param name="store">The caller's store.</param>
    /// <param name="by">The actor, which is locked if it was authenticated.</param>
    /// <param name="clock">Gives the time to the unit of work.</param>
    /// <param name="unit">The unit of work.</param>
    /// <param name="isKept">Whether a result is committed; null for every result.</param>
    /// <param name="alsoLocked">
    /// SQL: the condition that finds the other principals that the unit of work will lock; null when it locks none. They are locked together with the caller,
    /// in one order.
    /// </param>
    public static Task<T> InTransactionOfAsync<T>(
        this Store store, AuditActor by, TimeProvider clock, Func<DateTimeOffset, Task<T>> unit, Func<T, bool>? isKept = null,
        FormattableString? alsoLocked = null) => store.InTransactionAsync(
        async () =>
        {
            if (by.Entitlement is { } caller)
                await store.HoldAsync(caller, clock, alsoLocked ?? NoOthers, RowLock.AgainstChange);
            return await unit(UnixMicroseconds.Rounded(clock.GetUtcNow()));
        },
        isKept);

    /// <summary>
    /// Runs a change to a principal. The changes of one caller run one after the other, so that the numbers and times in the audit log have one order. The rows
    /// are locked in the order of their numbers, so that two callers who change each other do not deadlock.
    /// </summary>
    /// <param name="store">The caller's store.</param>
    /// <param name="by">The actor, which is locked if it was authenticated.</param>
    /// <param name="clock">Gives the time to the unit of work.</param>
    /// <param name="target">The principal that is changed; null when one is created.</param>
    /// <param name="administratorsToo">Whether to lock every enabled administrator as well.</param>
    /// <param name="unit">The unit of work. It gets the locked principals: none when the actor was not authenticated and no administrators are locked.</param>
    public static Task<T> InAdministrationAsync<T>(
        this Store store, AuditActor by, TimeProvider clock, Principal? target, bool administratorsToo,
        Func<IReadOnlyList<HeldPrincipal>, DateTimeOffset, Task<T>> unit) => store.InTransactionAsync(async () =>
    {
        var others = OthersOf(target, administratorsToo);
        IReadOnlyList<HeldPrincipal> held = [];
        if (by.Entitlement is { } caller)
            held = await store.HoldAsync(caller, clock, others, RowLock.Exclusive);
        else if (administratorsToo && target is not null)
            held = await store.HoldAsync(others, RowLock.Exclusive);
        return await unit(held, UnixMicroseconds.Rounded(clock.GetUtcNow()));
    });

    private static async Task<IReadOnlyList<HeldPrincipal>> HoldAsync(
        this Store store, Entitlement caller, TimeProvider clock, FormattableString others, RowLock rowLock)
    {
        var impersonator = caller.Impersonator?.PrincipalNumber ?? caller.PrincipalNumber;
        var held = await store.HoldAsync($"number IN ({caller.PrincipalNumber}, {impersonator}) OR {others}", rowLock);
        if (!IsEntitled(caller, held) || (caller.Impersonator is { } actor && !IsEntitled(actor, held)))
            throw new CallerRevokedException();
        if (caller.SessionId is { } session && !await TryHoldSessionAsync(store, caller, session, clock.GetUtcNow()))
            throw new CallerRevokedException();
        if (caller.ApiKeyId is { } key && !await TryHoldApiKeyAsync(store, key, clock.GetUtcNow()))
            throw new CallerRevokedException();
        return held;
    }

    private static Task<List<HeldPrincipal>> HoldAsync(this Store store, FormattableString which, RowLock rowLock) => store.HoldAsync<HeldPrincipal>(
        $"""
        SELECT number AS "Number", security_stamp AS "SecurityStamp", state AS "State", role AS "Role" FROM principals WHERE {which} ORDER BY number
        """,
        rowLock);

    private static FormattableString OthersOf(Principal? target, bool administratorsToo)
    {
        FormattableString changed = target is null ? NoOthers : $"number = {target.Number}";
        return administratorsToo ? $"{changed} OR (role = {(int)Role.Admin} AND state = {(int)PrincipalState.Enabled})" : changed;
    }

    private static bool IsEntitled(Entitlement caller, IReadOnlyList<HeldPrincipal> held) =>
        held.Any(p => p.Number == caller.PrincipalNumber && p.SecurityStamp == caller.SecurityStamp && p.IsEnabled);

    private static Task<bool> TryHoldApiKeyAsync(Store store, Guid key, DateTimeOffset now) => store.TryHoldAsync(
        $"api_keys WHERE id = {key} AND (expire_at IS NULL OR expire_at > {UnixMicroseconds.From(now)})", RowLock.AgainstDeletion);

    /// <summary>Locks the caller's session. For an impersonating session this also checks that it has not been returned to its administrator.</summary>
    private static Task<bool> TryHoldSessionAsync(Store store, Entitlement caller, Guid session, DateTimeOffset now) =>
        caller.Impersonator is { } actor
            ? store.TryHoldAsync(
                $"""
                sessions WHERE id = {session} AND expire_at > {UnixMicroseconds.From(now)}
                AND principal_number = {caller.PrincipalNumber} AND actor_number = {actor.PrincipalNumber}
                """, RowLock.AgainstChange)
            : store.TryHoldAsync($"sessions WHERE id = {session} AND expire_at > {UnixMicroseconds.From(now)}", RowLock.AgainstDeletion);
}
