using AuthService.Audit;
using AuthService.Storage;

namespace AuthService.Principals;

/// <summary>A principal's row, as it is once it is locked.</summary>
internal sealed record HeldPrincipal(long Number, int SecurityStamp, int State, int Role)
{
    public bool IsEnabled => State == (int)PrincipalState.Enabled;

    public bool IsEnabledAdministrator => IsEnabled && Role == (int)Principals.Role.Admin;
}

/// <summary>
/// Transactions in which the caller is held first: from then on nobody can disable, change or sign them out before the change is
/// written, and whoever did so earlier has the change refused. The time that a unit is given was taken after that.
/// </summary>
internal static class CallerTransactions
{
    private static readonly FormattableString NoOthers = SqlText.Raw("FALSE");

    /// <summary>For changes of which a caller may have many at once.</summary>
    /// <param name="store">The caller's.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="clock">Tells when.</param>
    /// <param name="unit">What it is.</param>
    /// <param name="isKept">Whether what it came to is committed.</param>
    /// <param name="parties">SQL: the other principals that the unit will hold, to be locked in one order with the caller.</param>
    public static Task<T> InTransactionOfAsync<T>(
        this Store store, AuditActor by, TimeProvider clock, Func<DateTimeOffset, Task<T>> unit, Func<T, bool>? isKept = null,
        FormattableString? parties = null) => store.InTransactionAsync(
        async () =>
        {
            if (by.Entitlement is { } caller)
                await store.HoldAsync(caller, clock, parties ?? NoOthers, RowLock.AgainstChange);
            return await unit(UnixMicroseconds.Rounded(clock.GetUtcNow()));
        },
        isKept);

    /// <summary>
    /// For changes to principals, one after the other for each caller, so that the audit log's numbers and times have one order. The
    /// rows are locked in the order of their numbers: two who change each other do not wait for each other in a circle.
    /// </summary>
    /// <param name="store">The caller's.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="clock">Tells when.</param>
    /// <param name="target">Who is changed; null when somebody is made.</param>
    /// <param name="administratorsToo">Every enabled administrator is held as well.</param>
    /// <param name="unit">Gets what is held: nothing when nobody was authenticated and no administrators are.</param>
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
        SqlText.Join($"""
        SELECT number AS "Number", security_stamp AS "SecurityStamp", state AS "State", role AS "Role" FROM principals WHERE {which} ORDER BY number
        """),
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

    /// <summary>An impersonating session may also be given back to its administrator.</summary>
    private static Task<bool> TryHoldSessionAsync(Store store, Entitlement caller, Guid session, DateTimeOffset now) =>
        caller.Impersonator is { } actor
            ? store.TryHoldAsync(
                $"""
                sessions WHERE id = {session} AND expire_at > {UnixMicroseconds.From(now)}
                AND principal_number = {caller.PrincipalNumber} AND actor_number = {actor.PrincipalNumber}
                """, RowLock.AgainstChange)
            : store.TryHoldAsync($"sessions WHERE id = {session} AND expire_at > {UnixMicroseconds.From(now)}", RowLock.AgainstDeletion);
}
