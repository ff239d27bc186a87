using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.SignIn.Devices;

/// <summary>A device of a person, as it is listed.</summary>
/// <param name="Device">The device when it was last seen.</param>
/// <param name="TrustedUntil">The second step is skipped there until this time; null when it is required.</param>
internal sealed record ListedDevice(KnownDevice Device, DateTimeOffset? TrustedUntil);

/// <summary>Recognizes the browsers that people have signed in with, and lists and forgets them.</summary>
internal sealed class KnownDevices(
    KnownDeviceStore devices, NoticeSender notices, IOptionsMonitor<TwoFactorOptions> factors, Store store, TimeProvider clock)
{
    public async Task<IReadOnlyList<ListedDevice>> ListAsync(Principal person)
    {
        var (now, trust) = (clock.GetUtcNow(), factors.CurrentValue.TrustDeviceFor);
        var found = await devices.ListAsync(person, now);
        var trusted = trust is { } lasts ? (await devices.ListTrustedAsync(person, now - lasts, now)).ToHashSet(BytesComparer.Instance) : [];
        return [.. found.Select(device => new ListedDevice(device, trusted.Contains(device.KeyHash) ? device.TrustedAt + trust : null))];
    }

    /// <returns>False when the person has no device with this id.</returns>
    public Task<bool> TryForgetAsync(Principal person, Guid id, AuditActor by) => store.InTransactionOfAsync(by, clock, async now =>
    {
        if (!await devices.TryForgetAsync(person, id, now))
            return false;
        await store.InsertAsync(by.CreateEntry(AuditEvents.DeviceForgotten, now, person.Id, detail: $"{id}"));
        return true;
    });

    /// <summary>Finds the lock of the person's name. It does not apply on a known device, because it is meant for those who guess elsewhere.</summary>
    /// <returns>How long the person stays locked; null when they may sign in.</returns>
    public async Task<TimeSpan?> FindLockAsync(Principal person, DeviceToken? device)
    {
        var now = clock.GetUtcNow();
        if (person.LockedUntil is not { } until || until <= now)
            return null;
        return device is not null && await devices.IsKnownAsync(device.HashFor(person.FoldedId), now) ? null : LockoutRecord.RetryAfter(until, now);
    }

    /// <summary>Checks whether the person showed their current second factor on this browser and chose to skip it from then on.</summary>
    public async Task<bool> MaySkipSecondStepAsync(Principal person, DeviceToken? device)
    {
        var now = clock.GetUtcNow();
        return device is not null && factors.CurrentValue.TrustDeviceFor is { } lasts
            && await devices.IsTrustedAsync(person, device.HashFor(person.FoldedId), now - lasts, now);
    }

    /// <summary>
    /// Remembers the browser, inside the transaction that creates the session. The browser keeps its token, which may identify it for other people
    /// too, unless the token is void for this person. A trusted browser gets a new token, because an earlier user may have copied the old one.
    /// </summary>
    /// <returns>The token that the browser has from now on.</returns>
    public async Task<DeviceToken> RememberAsync(Proof proof, SignInClient client)
    {
        var person = proof.Person;
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var isTrusted = client.TrustsDevice && factors.CurrentValue.TrustDeviceFor is not null;
        var token = client.Device is { } shown && !isTrusted ? shown : DeviceToken.New();
        if (client.Device is { } replaced && isTrusted)
            await devices.ReplaceKeyAsync(replaced.HashFor(person.FoldedId), token.HashFor(person.FoldedId), now);
        var seen = Create(token);
        var verdict = await devices.RememberAsync(seen);
        if (verdict is DeviceVerdict.Void)
        {
            token = DeviceToken.New();
            seen = Create(token);
            verdict = await devices.RememberAsync(seen);
        }

        if (verdict is DeviceVerdict.New && await devices.TrimAsync(seen))
            await TellAsync(proof, client, now);
        return token;

        KnownDevice Create(DeviceToken held) => new()
        {
            KeyHash = held.HashFor(person.FoldedId),
            PrincipalNumber = person.Number,
            Id = Guid.CreateVersion7(now),
            SecurityStamp = person.SecurityStamp,
            Name = client.DeviceName,
            IpAddress = client.IpAddress,
            TrustedAt = isTrusted ? now : null,
            FirstSeenAt = now,
            LastSeenAt = now,
            ExpireAt = now + KnownDevice.Lifetime,
        };
    }

    /// <summary>Sends a notice of a sign-in on a public computer, which is not remembered. Runs inside the transaction that creates the session.</summary>
    public async Task TellOfPublicComputerAsync(Proof proof, SignInClient client)
    {
        var (person, now) = (proof.Person, clock.GetUtcNow());
        var isKnown = client.Device is { } device && await devices.IsKnownAsync(device.HashFor(person.FoldedId), now);
        if (!isKnown && await devices.HasAnyAsync(person))
            await TellAsync(proof, client, now);
    }

    /// <summary>
    /// Sends a notice of the new device. The passkey or account that was used may be in the wrong hands, so the link "it wasn't me" removes it.
    /// </summary>
    private Task TellAsync(Proof proof, SignInClient client, DateTimeOffset now)
    {
        var notice = SignInNotices.NewDevice(client.DeviceName, client.IpAddress, now);
        return notices.SendAsync(proof.Person, notice with { PasskeyId = proof.PasskeyId, IdentityId = proof.IdentityId });
    }
}
