using AuthService.Principals;
using AuthService.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Passkeys;

/// <summary>A passkey of a person: the data that the authenticator gave when it was created (WebAuthn, "credential record").</summary>
internal sealed class Passkey
{
    private static readonly string[] KnownTransports = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

    /// <summary>The id that the authenticator chose.</summary>
    public required byte[] CredentialId { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The id of the passkey in the person's own requests.</summary>
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The public key in the authenticator's encoding (COSE).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The number of signatures; it stays zero when the authenticator does not count.</summary>
    public required long SignCount { get; init; }

    /// <summary>The transports by which the authenticator can be reached, separated by spaces.</summary>
    public required string Transports { get; init; }

    /// <summary>Whether the passkey can exist on several devices; otherwise it never leaves its device.</summary>
    public required bool BackupEligible { get; init; }

    public required bool BackedUp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Returns the authentication method of a passkey (RFC 8176).</summary>
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

    /// <summary>Converts the passkey for the framework. The attestation is not stored, because nothing depends on the make of the authenticator.</summary>
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
