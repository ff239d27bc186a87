using System.Globalization;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn;

/// <summary>
/// Stores a <see cref="LockoutRecord"/> under the hash of the folded name. Names that no principal has are counted too. Known devices have records of
/// their own, under <see cref="Devices.KnownDevice.KeyHash"/>.
/// </summary>
internal sealed class LockoutRow
{
    public required byte[] NameHash { get; init; }

    /// <summary>Changes with every write, so that a write can require the version that it was made from.</summary>
    public required Guid Version { get; init; }

    /// <summary>The start times in microseconds since 1970, separated by spaces.</summary>
    public required string Attempts { get; init; }

    public required int Judging { get; init; }

    public required int Severity { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    public required int FailuresInARow { get; init; }

    /// <summary><see cref="LockoutRecord.Never"/> while a principal has the name and failures in a row are counted.</summary>
    public required DateTimeOffset ForgetAt { get; init; }

    public static LockoutRow From(byte[] nameHash, LockoutRecord record, DateTimeOffset now) => new()
    {
        NameHash = nameHash,
        Version = Guid.CreateVersion7(now),
        Attempts = string.Join(' ', record.Attempts.Select(at => UnixMicroseconds.From(at).ToString(CultureInfo.InvariantCulture))),
        Judging = record.Judging,
        Severity = record.Severity,
        LockedUntil = record.LockedUntil,
        FailuresInARow = record.FailuresInARow,
        ForgetAt = record.ForgetAt(now),
    };

    public LockoutRecord ToRecord() => new(
        [.. Attempts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(at => UnixMicroseconds.To(long.Parse(at, CultureInfo.InvariantCulture)))],
        Judging,
        Severity,
        LockedUntil)
    {
        FailuresInARow = FailuresInARow,
        IsNameOfPrincipal = ForgetAt == LockoutRecord.Never,
    };
}

internal sealed class LockoutTable : IEntityTypeConfiguration<LockoutRow>
{
    public void Configure(EntityTypeBuilder<LockoutRow> table)
    {
        table.ToTable("lockouts");
        table.HasKey(row => row.NameHash);
        table.Property(row => row.FailuresInARow).HasDefaultValue(0);
        table.HasIndex(row => row.ForgetAt);
    }
}
