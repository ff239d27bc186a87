using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Devices;

/// <summary>The result of remembering the browser of a sign-in.</summary>
internal enum DeviceVerdict
{
    Known,

    /// <summary>It was not known before and is known from now on.</summary>
    New,

    /// <summary>It was removed, has expired, or a change of the person has voided it. Its token may be in the wrong hands.</summary>
    Void,
}

/// <summary>Stores the browsers that people have signed in with.</summary>
internal sealed class KnownDeviceStore(Store store)
{
    /// <summary>The most devices of one person. Beyond it, the least recently used are deleted.</summary>
    private const int Most = 50;

    /// <returns>The known devices of a person, most recently used first.</returns>
    public Task<List<KnownDevice>> ListAsync(Principal person, DateTimeOffset now) => store.ReadAsync(db => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number).OrderByDescending(device => device.LastSeenAt).ThenBy(device => device.Id).ToListAsync());

    public Task<bool> IsKnownAsync(byte[] keyHash, DateTimeOffset now) =>
        store.ReadAsync(db => Known(db, now).AnyAsync(device => device.KeyHash == keyHash));

    /// <returns>The keys of the person's devices that may skip the second step.</returns>
    /// <param name="person">The owner of the devices.</param>
    /// <param name="since">Trust that was given before this time does not count.</param>
    /// <param name="now">The current time.</param>
    public Task<List<byte[]>> ListTrustedAsync(Principal person, DateTimeOffset since, DateTimeOffset now) => store.ReadAsync(
        db => Trusted(db, person, since, now).Select(device => device.KeyHash).ToListAsync());

    public Task<bool> IsTrustedAsync(Principal person, byte[] keyHash, DateTimeOffset since, DateTimeOffset now) =>
        store.ReadAsync(db => Trusted(db, person, since, now).AnyAsync(device => device.KeyHash == keyHash));

    /// <summary>Checks whether the person has signed in with any browser before, including browsers that are no longer known.</summary>
    public Task<bool> HasAnyAsync(Principal person) =>
        store.ReadAsync(db => db.Set<KnownDevice>().AnyAsync(device => device.PrincipalNumber == person.Number));

    /// <summary>Remembers the browser, inside the transaction that creates the session. The row carries the same security stamp as the session.</summary>
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

    /// <summary>Replaces the key of a known device, inside the caller's transaction. The device keeps its id, and its old token becomes useless.</summary>
    public Task ReplaceKeyAsync(byte[] before, byte[] after, DateTimeOffset now) => store.WriteAsync(db => Known(db, now)
        .Where(device => device.KeyHash == before).ExecuteUpdateAsync(set => set.SetProperty(device => device.KeyHash, after)));

    /// <summary>Deletes the devices beyond the limit after a new one was added. Runs inside the caller's transaction.</summary>
    /// <returns>Whether the person has signed in with another browser before, including browsers that are no longer known.</returns>
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

    /// <returns>False when the person has no known device with this id.</returns>
    public async Task<bool> TryForgetAsync(Principal person, Guid id, DateTimeOffset now) => await store.WriteAsync(db => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number && device.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(device => device.SecurityStamp, (int?)null))) == 1;

    /// <summary>Selects the trusted devices on which the person's current authenticator app was shown.</summary>
    private static IQueryable<KnownDevice> Trusted(AuthDbContext db, Principal person, DateTimeOffset since, DateTimeOffset now) => Known(db, now)
        .Where(device => device.PrincipalNumber == person.Number && device.TrustedAt > since
            && db.Set<TotpFactor>().Any(app => app.PrincipalNumber == device.PrincipalNumber && app.ConnectedAt <= device.TrustedAt));

    /// <summary>Selects the known devices. The lockout applies this rule in a statement of its own (<see cref="LockoutStore"/>).</summary>
    private static IQueryable<KnownDevice> Known(AuthDbContext db, DateTimeOffset now) => db.Set<KnownDevice>().AsNoTracking().Where(device =>
        device.ExpireAt > now && db.Set<Principal>().Any(p => p.Number == device.PrincipalNumber && p.SecurityStamp == device.SecurityStamp));
}
