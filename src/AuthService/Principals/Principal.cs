using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Principals;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum PrincipalType
{
    Person = 0,
    Service = 1,
    Provider = 2,
}

/// <summary>Stored as a number; the order must not change.</summary>
internal enum Role
{
    User = 0,
    Admin = 1,
    Service = 2,
    Provider = 3,
}

/// <summary>Stored as a number; the order must not change.</summary>
internal enum PrincipalState
{
    Enabled = 0,
    Disabled = 1,
    Deleted = 2,
}

/// <summary>Anyone who can authenticate.</summary>
internal sealed class Principal
{
    /// <summary>Given by the store; what other tables refer to.</summary>
    public long Number { get; init; }

    /// <summary>The name that people know and that stands in <c>sub</c>. It never changes and is never given again.</summary>
    public required string Id { get; init; }

    /// <summary><see cref="PrincipalName.Folded"/> of the id.</summary>
    public required string FoldedId { get; init; }

    public required Guid Uuid { get; init; }

    public required PrincipalType Type { get; init; }

    public required Role Role { get; set; }

    public PrincipalState State { get; set; }

    public PrincipalProfile Profile { get; set; } = new();

    /// <summary><see cref="PrincipalProfile.ToSearchText"/>, for the administrator's search.</summary>
    public required string SearchText { get; set; }

    /// <summary>In mails.</summary>
    public string GreetingName => Profile.FirstNames ?? Id;

    /// <summary><see cref="PrincipalProfile.FoldedEmail"/>, by which people are found who have forgotten their password.</summary>
    public string? FoldedEmail { get; set; }

    /// <summary>When the person last showed that they read the mail of their address; null when somebody else has set it.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    public bool CanImpersonate { get; set; }

    public bool AgreementAccepted { get; set; } = true;

    public bool PasswordResetRequested { get; set; }

    /// <summary>The products that the person uses, as JSON; null when there are none.</summary>
    public IReadOnlyList<ServiceGrant>? Services { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Until when wrong passwords keep the person from signing in; the lockout, which decides, keeps it up to date.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>Of the service refresh token of a service or provider.</summary>
    public byte[]? RefreshTokenHash { get; set; }

    /// <summary>Of the one before it, which works until <see cref="PreviousRefreshTokenUntil"/>: its service can be given the new one meanwhile.</summary>
    public byte[]? PreviousRefreshTokenHash { get; set; }

    public DateTimeOffset? PreviousRefreshTokenUntil { get; set; }

    /// <summary>
    /// Raised by every change after which earlier sign-ins must not count (password, role, state, credential). Sessions
    /// and tokens carry the stamp they were made under, so such a change ends them by itself, in its own statement, the
    /// ones that are being made at that moment included.
    /// </summary>
    public int SecurityStamp { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A product that a person uses.</summary>
/// <param name="ServiceName">The product's name in the settings.</param>
/// <param name="MaxConcurrentAccess">How many sessions may use it at once; 0 or null: no limit.</param>
internal sealed record ServiceGrant(string ServiceName, int? MaxConcurrentAccess);

internal sealed class PrincipalTable : IEntityTypeConfiguration<Principal>
{
    public const string Name = "principals";

    public void Configure(EntityTypeBuilder<Principal> table)
    {
        table.ToTable(Name);
        table.HasKey(p => p.Number);
        table.Property(p => p.Number).ValueGeneratedOnAdd();
        table.Property(p => p.Id).IsRequired();
        table.HasIndex(p => p.FoldedId).IsUnique();
        table.HasIndex(p => p.Id).IsUnique();
        table.HasIndex(p => p.Uuid).IsUnique();
        table.HasIndex(p => p.RefreshTokenHash).IsUnique();
        table.HasIndex(p => p.PreviousRefreshTokenHash).IsUnique();
        table.HasIndex(p => p.FoldedEmail);
        table.ComplexProperty(p => p.Profile);
        table.Property(p => p.Services).HasConversion(
            services => JsonSerializer.Serialize(services, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<IReadOnlyList<ServiceGrant>>(json, JsonSerializerOptions.Default),
            new ReferenceComparer<IReadOnlyList<ServiceGrant>?>());
    }
}
