using System.Text;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Signals;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum StreamStatus
{
    Enabled = 0,

    /// <summary>What happens is kept and handed over later.</summary>
    Paused = 1,

    /// <summary>What happens is not kept.</summary>
    Disabled = 2,
}

/// <summary>Over which a service is told of events, by push or by poll (SSF 1.0, section 8.1.1).</summary>
internal sealed record SignalStream
{
    /// <summary>How many a service may have.</summary>
    public const int MostOfOne = 5;

    /// <summary>How many SETs wait for a receiver; of more the oldest are dropped.</summary>
    public const int MostWaiting = 10_000;

    public static readonly TimeSpan VerificationInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long a SET waits to be pushed, and to be polled and acknowledged.</summary>
    private static readonly TimeSpan PushedFor = TimeSpan.FromDays(3);
    private static readonly TimeSpan PolledFor = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }

    /// <summary>The service to which it belongs.</summary>
    public required long PrincipalNumber { get; init; }

    /// <summary>The URIs of the events that the service asked for, with spaces between them; null: all that there are.</summary>
    public string? EventsRequested { get; init; }

    public string? Description { get; init; }

    public StreamStatus Status { get; init; }

    /// <summary>Why the status is what it is, in the words of whoever set it.</summary>
    public string? Reason { get; init; }

    /// <summary>Where SETs are pushed to; null: they are polled.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Which of the configured keys sealed the header.</summary>
    public string? KeyId { get; init; }

    /// <summary>The <c>Authorization</c> header of a push.</summary>
    public byte[]? SealedAuthorization { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the service last asked for a verification event.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Raised by each claim and each change, so that whoever has lost theirs changes nothing.</summary>
    public int Claims { get; init; }

    /// <summary>Until then an instance is pushing over it.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>Attempts in a row that its receiver did not answer with success.</summary>
    public int Failures { get; init; }

    /// <summary>Since when none has succeeded; null while they do.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public bool IsPushed => EndpointUrl is not null;

    public TimeSpan Retention => IsPushed ? PushedFor : PolledFor;

    public IReadOnlyList<string>? Requested => EventsRequested?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Those of <see cref="SignalEvents.Supported"/> that the service asked for.</summary>
    public IReadOnlyList<string> Delivered => Requested is { } requested
        ? [.. SignalEvents.Supported.Where(type => requested.Contains(type, StringComparer.Ordinal))]
        : SignalEvents.Supported;

    /// <summary>What the header is sealed for.</summary>
    public static byte[] PlaceOf(Guid id) => Encoding.UTF8.GetBytes($"signals/{id:N}");

    /// <summary>Without the address, whose query may hold a secret of the receiver's.</summary>
    public override string ToString() => $"SignalStream {Id}";
}

/// <summary>A SET that its receiver has not taken yet. It is signed when it is handed over, so that its key is always a published one.</summary>
internal sealed class WaitingSet
{
    /// <summary>Its <c>jti</c>, the same at each attempt.</summary>
    public required Guid Id { get; init; }

    public required Guid StreamId { get; init; }

    /// <summary>Given by the store; the order of the stream.</summary>
    public long Number { get; init; }

    /// <summary>One of <see cref="SignalEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The claims that are the same for every receiver, as JSON.</summary>
    public required string Claims { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often the receiver has refused it.</summary>
    public int Refusals { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class SignalStreamTable : IEntityTypeConfiguration<SignalStream>
{
    public void Configure(EntityTypeBuilder<SignalStream> table)
    {
        table.ToTable("signal_streams");
        table.HasKey(stream => stream.Id);
        table.Property(stream => stream.Id).ValueGeneratedNever();
        table.HasIndex(stream => stream.PrincipalNumber);
        table.HasOne<Principal>().WithMany().HasForeignKey(stream => stream.PrincipalNumber).OnDelete(DeleteBehavior.NoAction);
    }
}

internal sealed class WaitingSetTable : IEntityTypeConfiguration<WaitingSet>
{
    public void Configure(EntityTypeBuilder<WaitingSet> table)
    {
        table.ToTable("signal_sets");
        table.HasKey(set => set.Number);
        table.Property(set => set.Number).ValueGeneratedOnAdd();
        table.HasIndex(set => set.Id).IsUnique();
        table.HasIndex(set => new { set.StreamId, set.Number });
        table.HasIndex(set => set.ExpireAt);
        table.HasOne<SignalStream>().WithMany().HasForeignKey(set => set.StreamId).OnDelete(DeleteBehavior.Cascade);
    }
}
