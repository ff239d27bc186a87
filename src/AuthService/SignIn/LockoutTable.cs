using System.Globalization;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn;

/// <summary>A <see cref="LockoutRecord"/> as it is stored, under the hash of the folded name: names that nobody has are counted too.</summary>
internal sealed class LockoutRow
{
    public required byte[] NameHash { get; init; }

    /// <summary>Another one with every write, so that a write can be bound to the record it was made from.</summary>
    public required Guid Version { get; init; }

    /// <summary>Microseconds since 1970, separated by spaces.</summary>
    public required string Attempts { get; init; }

    public required int Judging { get; init; }

    public required int Severity { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }

    public static LockoutRow From(byte[] nameHash, Guid version, LockoutRecord record) => new()
    {
        NameHash = nameHash,
        Version = version,
        Attempts = string.Join(' ', record.Attempts.Select(at => UnixMicroseconds.From(at).ToString(CultureInfo.InvariantCulture))),
        Judging = record.Judging,
        Severity = record.Severity,
        LockedUntil = record.LockedUntil,
        ForgetAt = record.ForgetAt,
    };

    public LockoutRecord ToRecord() => new(
        [.. Attempts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(at => UnixMicroseconds.To(long.Parse(at, CultureInfo.InvariantCulture)))],
        Judging,
        Severity,
        LockedUntil);
}

internal sealed class LockoutTable : IEntityTypeConfiguration<LockoutRow>
{
    public void Configure(EntityTypeBuilder<LockoutRow> table)
    {
        table.ToTable("lockouts");
        table.HasKey(row => row.NameHash);
        table.HasIndex(row => row.ForgetAt);
    }
}
