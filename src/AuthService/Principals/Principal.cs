using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Principals;

/// <summary>The type of a principal. Stored as a number, so the order must not change.</summary>
internal enum PrincipalType
{
    Person = 0,
    Service = 1,
    Provider = 2,
}

/// <summary>The role of a principal. Stored as a number, so the order must not change.</summary>
internal enum Role
{
    User = 0,
    Admin = 1,
    Service = 2,
    Provider = 3,
}

/// <summary>The state of a principal. Stored as a number, so the order must not change.</summary>
internal enum PrincipalState
{
    Enabled = 0,
    Disabled = 1,
    Deleted = 2,
}

/// <summary>A person, service or provider that can authenticate.</summary>
internal sealed class Principal
{
    /// <summary>The number that the store assigns and to which other tables refer.</summary>
    public long Number { get; init; }

    /// <summary>The name that people know and that is in <c>sub</c>. It never changes and is never assigned again.</summary>
    public required string Id { get; init; }

    /// <summary>The id in the form in which ids are compared (<see cref="PrincipalName.Folded"/>).</summary>
    public required string FoldedId { get; init; }

    public required Guid Uuid { get; init; }

    public required PrincipalType Type { get; init; }

    public required Role Role { get; set; }

    public PrincipalState State { get; set; }

    public PrincipalProfile Profile { get; set; } = new();

    /// <summary>The text in which the administrator's search looks (<see cref="PrincipalProfile.ToSearchText"/>).</summary>
    public required string SearchText { get; set; }

    /// <summary>The name with which mails address the person.</summary>
    public string GreetingName => Profile.FirstNames ?? Id;

    /// <summary>The address by which people who forgot their password are found (<see cref="PrincipalProfile.FoldedEmail"/>).</summary>
    public string? FoldedEmail { get; set; }

    /// <summary>When the person last proved that they can read the mail of their address; null when somebody else set the address.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    public bool CanImpersonate { get; set; }

    public bool AgreementAccepted { get; set; } = true;

    public bool PasswordResetRequested { get; set; }

    /// <summary>The products that the person uses, as JSON; null when there are none.</summary>
    public IReadOnlyList<ServiceGrant>? Services { get; set; }

    public string? PasswordHash { get; set; }

    /// <summary>Until when the person cannot sign in because of wrong passwords. The lockout decides this and keeps the value up to date.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>The hash of the service refresh token of a service or provider.</summary>
    public byte[]? RefreshTokenHash { get; set; }

    /// <summary>
    /// The hash of the previous token, which works until <see cref="PreviousRefreshTokenUntil"/>, so that the new one can be deployed in the meantime.
    /// </summary>
    public byte[]? PreviousRefreshTokenHash { get; set; }

    public DateTimeOffset? PreviousRefreshTokenUntil { get; set; }

    /// <summary>
    /// The number that is raised by every change after which earlier sign-ins must not count (password, role, state, credential). Sessions and tokens contain
    /// the stamp from when they were created. So the statement that raises it also ends them, including those that are being created at that moment.
    /// </summary>
    public int SecurityStamp { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A product that a person uses.</summary>
/// <param name="ServiceName">The product's name in the settings.</param>
/// <param name="MaxConcurrentAccess">The number of sessions that may use it at once; 0 or null for no limit.</param>
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
