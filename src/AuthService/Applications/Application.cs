using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Applications;

/// <summary>A customer's application, whose consumers get app tokens. It belongs to the deployment: every service may work with it.</summary>
internal sealed record Application
{
    /// <summary>Given by the store, in the order of creation.</summary>
    public long Number { get; init; }

    /// <summary>Given by this service: <c>app_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The customer's own name for it, unique where it is given.</summary>
    public required string? Uid { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Calls a second that the customer wants to allow it; kept for them, of no meaning here.</summary>
    public required int? RateLimit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsFoundBy(ApplicationKey key) => key.Text == (key.IsId ? Id : Uid);
}

/// <summary>What somebody says about an application.</summary>
internal sealed record ApplicationDetails(string Name)
{
    public string? Uid { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public int? RateLimit { get; init; }
}

/// <summary>What is to be changed of an application; what is null or not set stays as it is.</summary>
internal sealed record ApplicationChange
{
    public string? Name { get; init; }

    public bool SetsUid { get; init; }

    /// <summary>Null takes it away.</summary>
    public string? Uid { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public bool SetsRateLimit { get; init; }

    /// <summary>Null takes it away.</summary>
    public int? RateLimit { get; init; }
}

/// <summary>How an application is found: by the id that this service gave or by the customer's own uid. No uid has the form of an id.</summary>
internal sealed partial record ApplicationKey
{
    public const int LongestUid = 256;
    private const string IdPrefix = "app_";

    private ApplicationKey(string text, bool isId) => (Text, IsId) = (text, isId);

    public string Text { get; }

    public bool IsId { get; }

    public static string NewId(DateTimeOffset now) => $"{IdPrefix}{Guid.CreateVersion7(now):N}";

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApplicationKey? key)
    {
        key = text is not null && Allowed().IsMatch(text) ? new ApplicationKey(text, IdForm().IsMatch(text)) : null;
        return key is not null;
    }

    /// <summary>As the clients of the surface know it; "." and ".." would be taken out of an address.</summary>
    [GeneratedRegex(@"^(?!\.{1,2}\z)[a-zA-Z0-9\-_.]{1,256}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Allowed();

    [GeneratedRegex(@"^app_[0-9a-f]{32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdForm();
}

internal sealed class ApplicationTable : IEntityTypeConfiguration<Application>
{
    public void Configure(EntityTypeBuilder<Application> table)
    {
        table.ToTable("applications");
        table.HasKey(application => application.Number);
        table.Property(application => application.Number).ValueGeneratedOnAdd();
        table.Property(application => application.Id).IsRequired();
        table.HasIndex(application => application.Id).IsUnique();
        table.HasIndex(application => application.Uid).IsUnique();
        table.Property(application => application.Metadata).HasConversion(
            metadata => ToJson(metadata),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ReferenceComparer<IReadOnlyDictionary<string, string>>());
    }

    public static string ToJson(IReadOnlyDictionary<string, string> metadata) => JsonSerializer.Serialize(metadata, JsonSerializerOptions.Default);
}
