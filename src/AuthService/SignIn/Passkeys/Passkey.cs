using AuthService.Principals;
using AuthService.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Passkeys;

/// <summary>A passkey of a person: what their authenticator told of it when it was made (WebAuthn, "credential record").</summary>
internal sealed class Passkey
{
    private static readonly string[] KnownTransports = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

    /// <summary>Chosen by the authenticator.</summary>
    public required byte[] CredentialId { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>For the person's own calls.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>As the authenticator writes it (COSE).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Of the signatures made with it; stays zero where an authenticator does not count.</summary>
    public required long SignCount { get; init; }

    /// <summary>How the authenticator may be reached, separated by spaces.</summary>
    public required string Transports { get; init; }

    /// <summary>Whether it may be on several devices; otherwise it never leaves its own.</summary>
    public required bool BackupEligible { get; init; }

    public required bool BackedUp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>How a person proves with it who they are (RFC 8176).</summary>
    public static string MethodOf(UserPasskeyInfo passkey) =>
        passkey.IsBackupEligible ? AuthenticationMethods.SoftwareKey : AuthenticationMethods.HardwareKey;

    public static Passkey From(UserPasskeyInfo made, Principal person, string name, DateTimeOffset now) => new()
    {
        CredentialId = made.CredentialId,
        PrincipalNumber = person.Number,
        Id = Guid.CreateVersion7(now),
        Name = name,
        PublicKey = made.PublicKey,
        SignCount = made.SignCount,
        Transports = string.Join(' ', KnownTransports.Intersect(made.Transports ?? [], StringComparer.Ordinal)),
        BackupEligible = made.IsBackupEligible,
        BackedUp = made.IsBackedUp,
        CreatedAt = now,
    };

    /// <summary>For the framework. What the authenticator stated of its make is not kept: nothing is decided by it.</summary>
    public UserPasskeyInfo ToFrameworkInfo() => new(
        CredentialId, PublicKey, CreatedAt, (uint)SignCount, Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isUserVerified: true, BackupEligible, BackedUp, attestationObject: [], clientDataJson: []);
}

internal sealed class PasskeyTable : IEntityTypeConfiguration<Passkey>
{
    public void Configure(EntityTypeBuilder<Passkey> table)
    {
        table.ToTable("passkeys");
        table.HasKey(passkey => passkey.CredentialId);
        table.HasIndex(passkey => new { passkey.PrincipalNumber, passkey.Id }).IsUnique();
        table.HasOne<Principal>().WithMany().HasForeignKey(passkey => passkey.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}
