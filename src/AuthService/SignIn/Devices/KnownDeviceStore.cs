using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Devices;

/// <summary>What a sign-in showed of its browser.</summary>
internal enum DeviceVerdict
{
    Known,

    /// <summary>It is known from now on.</summary>
    New,

    /// <summary>It was forgotten, or a change of the person made it count no more: its token may be in other hands.</summary>
    Void,
}

/// <summary>Keeps the browsers that people have signed in with.</summary>
internal sealed class KnownDeviceStore(Store store)
{
    /// <summary>Of one person; the ones that were not used for longest go.</summary>
    private const int Most = 50;

    /// <returns>Those of a person that count, the last used first.</returns>
    public Task<List<KnownDevice>> ListAsync(Principal person, DateTimeOffset now) => store.ReadAsync(db => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number).OrderByDescending(device => device.LastSeenAt).ThenBy(device => device.Id).ToListAsync());

    public Task<bool> IsKnownAsync(byte[] keyHash, DateTimeOffset now) =>
        store.ReadAsync(db => Known(db, now).AnyAsync(device => device.KeyHash == keyHash));

    /// <returns>The keys of those of a person that may skip the second step.</returns>
    /// <param name="person">Whose devices are meant.</param>
    /// <param name="since">Trust that was given before does not count.</param>
    /// <param name="now">The moment.</param>
    public Task<List<byte[]>> ListTrustedAsync(Principal person, DateTimeOffset since, DateTimeOffset now) => store.ReadAsync(
        db => Trusted(db, person, since, now).Select(device => device.KeyHash).ToListAsync());

    public Task<bool> IsTrustedAsync(Principal person, byte[] keyHash, DateTimeOffset since, DateTimeOffset now) =>
        store.ReadAsync(db => Trusted(db, person, since, now).AnyAsync(device => device.KeyHash == keyHash));

    /// <summary>Whether the person has signed in with any browser before, also with one that is known no more.</summary>
    public Task<bool> HasAnyAsync(Principal person) =>
        store.ReadAsync(db => db.Set<KnownDevice>().AnyAsync(device => device.PrincipalNumber == person.Number));

    /// <summary>Inside the transaction that makes the session; the row is bound to the same security stamp as the session.</summary>
    public async Task<DeviceVerdict> RememberAsync(KnownDevice seen)
    {
        var now = UnixMicroseconds.From(seen.LastSeenAt);
        var ids = await store.WriteAsync<Guid>(
            $"""
            INSERT INTO known_devices
                (key_hash, principal_number, id, security_stamp, name, ip_address, trusted_at, first_seen_at, last_seen_at, expire_at)
            VALUES ({seen.KeyHash}, {seen.PrincipalNumber}, {seen.Id}, {seen.SecurityStamp}, {seen.Name}, {seen.IpAddress},
                    {(seen.TrustedAt is { } trusted ? UnixMicroseconds.From(trusted) : (long?)null)}, {now}, {now}, {UnixMicroseconds.From(seen.ExpireAt)})
            ON CONFLICT (key_hash) DO UPDATE SET name = excluded.name, ip_address = excluded.ip_address, last_seen_at = excluded.last_seen_at,
                                                 trusted_at = COALESCE(excluded.trusted_at, known_devices.trusted_at), expire_at = excluded.expire_at
            WHERE known_devices.security_stamp = excluded.security_stamp AND known_devices.expire_at > {now}
            RETURNING id AS "Value"
            """);
        if (ids is not [var id])
            return DeviceVerdict.Void;
        return id == seen.Id ? DeviceVerdict.New : DeviceVerdict.Known;
    }

    /// <summary>Inside the caller's transaction: a device that counts stays the same, and its old token is good for nothing any more.</summary>
    public Task ReplaceKeyAsync(byte[] before, byte[] after, DateTimeOffset now) => store.WriteAsync(db => Known(db, now)
        .Where(device => device.KeyHash == before).ExecuteUpdateAsync(set => set.SetProperty(device => device.KeyHash, after)));

    /// <summary>Deletes what is too many after a new one; inside the caller's transaction.</summary>
    /// <returns>Whether the person has signed in with another browser before, also with one that is known no more.</returns>
    public async Task<bool> TrimAsync(KnownDevice added)
    {
        var others = await store.ReadAsync(db => db.Set<KnownDevice>()
            .Where(device => device.PrincipalNumber == added.PrincipalNumber && device.Id != added.Id)
            .OrderByDescending(device => device.LastSeenAt).Select(device => device.Id).ToListAsync());
        var surplus = others.Skip(Most - 1).ToList();
        if (surplus.Count > 0)
        {
            await store.WriteAsync(db => db.Set<KnownDevice>()
                .Where(device => device.PrincipalNumber == added.PrincipalNumber && surplus.Contains(device.Id)).ExecuteDeleteAsync());
        }

        return others.Count > 0;
    }

    /// <returns>False when the person has none of this id that counts.</returns>
    public async Task<bool> TryForgetAsync(Principal person, Guid id, DateTimeOffset now) => await store.WriteAsync(db => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number && device.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(device => device.SecurityStamp, (int?)null))) == 1;

    /// <summary>Deletes some that were not used for a year.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<KnownDevice>(nameof(KnownDevice.ExpireAt), now, limit, cancellation);

    /// <summary>Those at which the app was shown that the person has now.</summary>
    private static IQueryable<KnownDevice> Trusted(AuthDbContext db, Principal person, DateTimeOffset since, DateTimeOffset now) => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number && device.TrustedAt > since
            && db.Set<TotpFactor>().Any(app => app.PrincipalNumber == device.PrincipalNumber && app.ConnectedAt <= device.TrustedAt));

    /// <summary>The lockout finds out the same in its own statement (<see cref="LockoutStore"/>).</summary>
    private static IQueryable<KnownDevice> Known(AuthDbContext db, DateTimeOffset now) => db.Set<KnownDevice>().AsNoTracking().Where(device =>
        device.ExpireAt > now && db.Set<Principal>().Any(p => p.Number == device.PrincipalNumber && p.SecurityStamp == device.SecurityStamp));
}
