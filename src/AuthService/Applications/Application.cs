using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Applications;

/// <summary>A customer's application. Its consumers get app tokens. It belongs to the deployment, so every service may use it.</summary>
internal sealed record Application
{
    /// <summary>The number that the store assigns, in the order of creation.</summary>
    public long Number { get; init; }

    /// <summary>The id that this service assigns: <c>app_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The customer's own name for it, unique when it is set.</summary>
    public required string? Uid { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The calls per second that the customer wants to allow it. It is stored for the customer and has no effect here.</summary>
    public required int? RateLimit { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool IsFoundBy(ApplicationKey key) => key.Text == (key.IsId ? Id : Uid);
}

/// <summary>The details of an application in a request to create or replace it.</summary>
internal sealed record ApplicationDetails(string Name)
{
    public string? Uid { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public int? RateLimit { get; init; }
}

/// <summary>The changes to an application; a property that is null or not set stays unchanged.</summary>
internal sealed record ApplicationChange
{
    public string? Name { get; init; }

    public bool SetsUid { get; init; }

    /// <summary>The new uid; null removes it. Ignored unless <see cref="SetsUid"/>.</summary>
    public string? Uid { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public bool SetsRateLimit { get; init; }

    /// <summary>The new limit; null removes it. Ignored unless <see cref="SetsRateLimit"/>.</summary>
    public int? RateLimit { get; init; }
}

/// <summary>The key by which an application is found: the id that this service assigned, or the customer's own uid. No uid has the form of an id.</summary>
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

    /// <summary>The form that the clients of the API expect. "." and ".." are refused because they would be removed from an address.</summary>
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
