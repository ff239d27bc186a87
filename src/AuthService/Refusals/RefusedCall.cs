using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Refusals;

/// <summary>A refused call, kept for a day so that an administrator can explain the refusal.</summary>
internal sealed record RefusedCall
{
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>The number that the store assigns.</summary>
    public long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The trace id in the error that the caller got. Several calls may share one when a proxy began the trace.</summary>
    public required string TraceId { get; init; }

    /// <summary>The operation as the OpenAPI documents name it, or the path of a page; null for a path that is neither.</summary>
    public string? Operation { get; init; }

    /// <summary>The HTTP status of the response.</summary>
    public required int Status { get; init; }

    /// <summary>The code of the error that the caller got.</summary>
    public required string Code { get; init; }

    /// <summary>A <see cref="RefusalReason"/> as its code, or the error's own code when there is no further reason.</summary>
    public required string Reason { get; init; }

    /// <summary>The text of the rule that failed.</summary>
    public string Rule => RefusalReasons.FindWords(Reason) ?? $"The answer was {Code}";

    /// <summary>The id of the principal that the call was about; null when it is not known.</summary>
    public string? Principal { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>The id of the principal or application that was authenticated.</summary>
    public string? Caller { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>The facts that decided the refusal.</summary>
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
