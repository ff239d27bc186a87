using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn;

/// <summary>Reads records and replaces them by compare-and-swap: one statement decides which of two instances was first.</summary>
internal sealed class LockoutStore(Store store, TimeProvider clock)
{
    /// <returns>Null when there is no record.</returns>
    public Task<LockoutRow?> FindAsync(byte[] key) => store.ReadAsync(
        db => db.Set<LockoutRow>().AsNoTracking().FirstOrDefaultAsync(row => row.NameHash == key));

    /// <summary>
    /// Decides in one statement whether the record of the device or of the name counts, and reads it. A device that is not known for the name is ignored.
    /// </summary>
    public async Task<(LockoutSubject Subject, LockoutRow? Row)> FindAsync(PrincipalName name, DeviceToken? device)
    {
        var ofName = LockoutSubject.Of(name);
        if (device is null)
            return (ofName, await FindAsync(ofName.Key));
        var ofDevice = new LockoutSubject(name, device.HashFor(name.Folded), IsDevice: true);
        var found = await store.ReadAsync<FoundRow>(
            $"""
            SELECT device.is_known AS "IsKnown", l.version AS "Version", l.attempts AS "Attempts", l.judging AS "Judging", l.severity AS "Severity",
                   l.locked_until AS "LockedUntil", l.failures_in_a_row AS "FailuresInARow", l.forget_at AS "ForgetAt"
            FROM (SELECT EXISTS (
                      SELECT 1 FROM known_devices AS d JOIN principals AS p ON p.number = d.principal_number AND p.security_stamp = d.security_stamp
                      WHERE d.key_hash = {ofDevice.Key} AND d.expire_at > {UnixMicroseconds.From(clock.GetUtcNow())}) AS is_known) AS device
            LEFT JOIN lockouts AS l ON l.name_hash = CASE WHEN device.is_known THEN {ofDevice.Key} ELSE {ofName.Key} END
            """);
        var subject = found[0].IsKnown ? ofDevice : ofName;
        return (subject, found[0].ToRow(subject.Key));
    }

    /// <summary>Reads the records of a device and of its name in one statement.</summary>
    public async Task<(LockoutRow? Own, LockoutRow? OfName)> FindWithNameAsync(LockoutSubject device)
    {
        byte[][] keys = [device.Key, device.Name.Hash()];
        var rows = await store.ReadAsync(db => db.Set<LockoutRow>().AsNoTracking().Where(row => keys.Contains(row.NameHash)).ToListAsync());
        return (rows.Find(row => row.NameHash.AsSpan().SequenceEqual(keys[0])), rows.Find(row => row.NameHash.AsSpan().SequenceEqual(keys[1])));
    }

    /// <returns>False when the record is no longer the one that <paramref name="next"/> was made from.</returns>
    public Task<bool> TryReplaceAsync(byte[] nameHash, LockoutRow? old, LockoutRecord next)
    {
        var now = clock.GetUtcNow();
        if (old is null)
            return TryInsertAsync(LockoutRow.From(nameHash, next, now));
        return next.ForgetAt(now) <= now ? TryDeleteAsync(old) : TryUpdateAsync(old, LockoutRow.From(nameHash, next, now));
    }

    /// <summary>Deletes the records of the name and of its devices.</summary>
    public Task RemoveAsync(PrincipalName name) => store.WriteAsync(
        $"""
        DELETE FROM lockouts WHERE name_hash = {name.Hash()} OR name_hash IN (
            SELECT d.key_hash FROM known_devices AS d JOIN principals AS p ON p.number = d.principal_number WHERE p.folded_id = {name.Folded})
        """);

    public Task<string?> FindPrincipalIdAsync(PrincipalName name) =>
        store.ReadAsync(db => db.Set<Principal>().Where(p => p.FoldedId == name.Folded).Select(p => p.Id).FirstOrDefaultAsync());

    /// <summary>Writes the end of the lock to the principal that has the name, if there is one.</summary>
    public Task ShowAsync(PrincipalName name, DateTimeOffset? lockedUntil) => store.WriteAsync(db => db.Set<Principal>()
        .Where(p => p.FoldedId == name.Folded)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.LockedUntil, lockedUntil)));

    private async Task<bool> TryInsertAsync(LockoutRow row) => await store.WriteAsync(
        $"""
        INSERT INTO lockouts (name_hash, version, attempts, judging, severity, locked_until, failures_in_a_row, forget_at)
        VALUES ({row.NameHash}, {row.Version}, {row.Attempts}, {row.Judging}, {row.Severity},
                {(row.LockedUntil is { } until ? UnixMicroseconds.From(until) : (long?)null)}, {row.FailuresInARow}, {UnixMicroseconds.From(row.ForgetAt)})
        ON CONFLICT (name_hash) DO NOTHING
        """) == 1;

    private async Task<bool> TryUpdateAsync(LockoutRow old, LockoutRow row) => await store.WriteAsync(db => SameVersion(db, old).ExecuteUpdateAsync(set => set
        .SetProperty(r => r.Version, row.Version)
        .SetProperty(r => r.Attempts, row.Attempts)
        .SetProperty(r => r.Judging, row.Judging)
        .SetProperty(r => r.Severity, row.Severity)
        .SetProperty(r => r.LockedUntil, row.LockedUntil)
        .SetProperty(r => r.FailuresInARow, row.FailuresInARow)
        .SetProperty(r => r.ForgetAt, row.ForgetAt))) == 1;

    private async Task<bool> TryDeleteAsync(LockoutRow old) => await store.WriteAsync(db => SameVersion(db, old).ExecuteDeleteAsync()) == 1;

    private static IQueryable<LockoutRow> SameVersion(AuthDbContext db, LockoutRow old) =>
        db.Set<LockoutRow>().Where(row => row.NameHash == old.NameHash && row.Version == old.Version);

    /// <summary>Tells which record counts and holds its columns, which are null when there is no record.</summary>
    private sealed record FoundRow(
        bool IsKnown, Guid? Version, string? Attempts, int? Judging, int? Severity, long? LockedUntil, int? FailuresInARow, long? ForgetAt)
    {
        public LockoutRow? ToRow(byte[] key) => Version is not { } version ? null : new LockoutRow
        {
            NameHash = key,
            Version = version,
            Attempts = Attempts!,
            Judging = Judging!.Value,
            Severity = Severity!.Value,
            LockedUntil = LockedUntil is { } until ? UnixMicroseconds.To(until) : null,
            FailuresInARow = FailuresInARow!.Value,
            ForgetAt = UnixMicroseconds.To(ForgetAt!.Value),
        };
    }
}
