using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Refusals;

/// <summary>A call that was refused, kept for a day for whoever has to say why.</summary>
internal sealed record RefusedCall
{
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>Given by the store.</summary>
    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>As it stands in the error that the caller got. Several calls may share one, where a proxy began the trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>The operation as the OpenAPI documents name it, or the path of a page; null for a path that is neither.</summary>
    public string? Operation { get; init; }

    /// <summary>The HTTP status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>The code of the error that the caller got.</summary>
    public required string Code { get; init; }

    /// <summary>A <see cref="RefusalReason"/>, or the error's code again where no reason but itself stands behind it.</summary>
    public required string Reason { get; init; }

    /// <summary>The rule that failed, in words.</summary>
    public string Rule => RefusalReasons.FindWords(Reason) ?? $"The answer was {Code}";

    /// <summary>The id of the principal that it is about; null when nobody knows.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>The id of the principal or application whose credential held.</summary>
    public string? Caller { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>What decided it.</summary>
    public required IReadOnlyList<RefusalFact> Facts { get; init; }
}

internal sealed class RefusedCallTable : IEntityTypeConfiguration<RefusedCall>
{
    public void Configure(EntityTypeBuilder<RefusedCall> table)
    {
        table.ToTable("refused_calls");
        table.HasKey(refused => refused.Number);
        table.Ignore(refused => refused.Rule);
        table.Property(refused => refused.Number).ValueGeneratedOnAdd();
        table.HasIndex(refused => refused.TraceId);
        table.HasIndex(refused => new { refused.At, refused.Number });
        table.HasIndex(refused => new { refused.Reason, refused.At, refused.Number });
        table.HasIndex(refused => new { refused.Principal, refused.At, refused.Number }).HasFilter("principal IS NOT NULL");
        table.Property(refused => refused.Facts).HasConversion(
            facts => JsonSerializer.Serialize(facts, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<RefusalFact[]>(json, JsonSerializerOptions.Default)!,
            new ReferenceComparer<IReadOnlyList<RefusalFact>>());
    }
}
