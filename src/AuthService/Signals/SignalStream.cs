using System.Text;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Signals;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum StreamStatus
{
    Enabled = 0,

    /// <summary>New events are stored and delivered later.</summary>
    Paused = 1,

    /// <summary>New events are not stored.</summary>
    Disabled = 2,
}

/// <summary>A stream over which a service receives events, by push or by poll (SSF 1.0, section 8.1.1).</summary>
internal sealed record SignalStream
{
    /// <summary>The most streams of one service.</summary>
    public const int MostOfOne = 5;

    /// <summary>The most SETs that wait for a receiver. Beyond it, the oldest are dropped.</summary>
    public const int MostWaiting = 10_000;

    public static readonly TimeSpan VerificationInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long a SET waits to be pushed, or to be polled and acknowledged.</summary>
    private static readonly TimeSpan PushedFor = TimeSpan.FromDays(3);
    private static readonly TimeSpan PolledFor = TimeSpan.FromDays(7);

    public required Guid Id { get; init; }

    /// <summary>The number of the service that owns the stream.</summary>
    public required long PrincipalNumber { get; init; }

    /// <summary>The URIs of the requested events, separated by spaces; null for all.</summary>
    public string? EventsRequested { get; init; }

    public string? Description { get; init; }

    public StreamStatus Status { get; init; }

    /// <summary>The reason for the status, in the words of the service.</summary>
    public string? Reason { get; init; }

    /// <summary>The address that SETs are pushed to; null when they are polled.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The id of the configured key that encrypted the header.</summary>
    public string? KeyId { get; init; }

    /// <summary>The encrypted <c>Authorization</c> header of a push; null for none.</summary>
    public byte[]? SealedAuthorization { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time when the service last requested a verification event.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Increased by each lease and each change, so that an instance that has lost its lease changes nothing.</summary>
    public int LeaseNumber { get; init; }

    /// <summary>The end of the lease of the instance that pushes over the stream; null when none does.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>The number of attempts in a row that the receiver did not answer with success.</summary>
    public int Failures { get; init; }

    /// <summary>The time of the first failure since the last success; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public bool IsPushed => EndpointUrl is not null;

    public TimeSpan Retention => IsPushed ? PushedFor : PolledFor;

    public IReadOnlyList<string>? Requested => EventsRequested?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The events of <see cref="SignalEvents.Supported"/> that the service requested.</summary>
    public IReadOnlyList<string> Delivered => Requested is { } requested
        ? [.. SignalEvents.Supported.Where(type => requested.Contains(type, StringComparer.Ordinal))]
        : SignalEvents.Supported;

    /// <summary>Returns the context that the header is bound to when it is encrypted.</summary>
    public static byte[] PlaceOf(Guid id) => Encoding.UTF8.GetBytes($"signals/{id:N}");

    /// <summary>Omits the address, because its query may contain a secret of the receiver.</summary>
    public override string ToString() => $"SignalStream {Id}";
}

internal sealed class SignalStreamTable : IEntityTypeConfiguration<SignalStream>
{
    public void Configure(EntityTypeBuilder<SignalStream> table)
    {
        table.ToTable("signal_streams");
        table.HasKey(stream => stream.Id);
        table.Property(stream => stream.Id).ValueGeneratedNever();
        table.Property(stream => stream.LeaseNumber).HasColumnName("claims");
        table.Property(stream => stream.LeasedUntil).HasColumnName("claimed_until");
        table.HasIndex(stream => stream.PrincipalNumber);
        table.HasOne<Principal>().WithMany().HasForeignKey(stream => stream.PrincipalNumber).OnDelete(DeleteBehavior.NoAction);
    }
}
