using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;

namespace AuthService.Signals;

/// <summary>Creates, changes, verifies and deletes the streams of services. Every change has an audit entry (SSF 1.0, section 8.1).</summary>
internal sealed class SignalStreamService(
    Store store, SignalStreamStore streams, WaitingSetStore sets, StreamRequirements requirements, TimeProvider clock)
{
    /// <param name="owner">The service.</param>
    /// <param name="change">The settings of the stream.</param>
    /// <param name="by">The audit actor, which is the same service.</param>
    public async Task<StreamOutcome> CreateAsync(Principal owner, StreamChange change, AuditActor by)
    {
        if (await requirements.FindFaultOfNewAsync(change) is { } fault)
            return fault;
        // Locks the service, because two requests at once would exceed the limit.
        return await store.InAdministrationAsync<StreamOutcome>(by, clock, target: null, administratorsToo: false, async (_, now) =>
        {
            if ((await streams.ListAsync(owner)).Count >= SignalStream.MostOfOne)
                return new StreamOutcome.TooMany();
            var stream = new SignalStream { Id = Guid.CreateVersion7(now), PrincipalNumber = owner.Number, CreatedAt = now, NextAttemptAt = now };
            stream = Apply(stream, change);
            await streams.AddAsync(stream);
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignalStreamCreated, now, owner.Id, detail: ToAuditText(stream)));
            return new StreamOutcome.Done(stream);
        });
    }

    public async Task<StreamOutcome> ChangeAsync(Principal owner, Guid id, StreamChange change, AuditActor by)
    {
        if (await requirements.FindFaultAsync(change) is { } fault)
            return fault;
        return await store.InTransactionOfAsync<StreamOutcome>(by, clock, async now =>
        {
            if (await streams.HoldAsync(owner, id) is not { } before)
                return new StreamOutcome.Unknown();
            if (!change.Matches(before))
                return new StreamOutcome.Mismatch();
            var after = Apply(before, change);
            if (!await streams.TryUpdateAsync(after, now))
                return new StreamOutcome.Unknown();
            await sets.DeleteOthersAsync(id, after.Delivered);
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignalStreamChanged, now, owner.Id, detail: ToAuditText(after)));
            return new StreamOutcome.Done(after);
        });
    }

    public Task<StreamOutcome> DeleteAsync(Principal owner, Guid id, AuditActor by) => store.InTransactionOfAsync<StreamOutcome>(by, clock, async now =>
    {
        if (await streams.FindAsync(owner, id) is not { } stream || !await streams.TryDeleteAsync(owner, id))
            return new StreamOutcome.Unknown();
        await store.InsertAsync(by.CreateEntry(AuditEvents.SignalStreamDeleted, now, owner.Id, detail: $"{id}"));
        return new StreamOutcome.Done(stream);
    });

    /// <summary>Sets the status. Disabling a stream drops its waiting SETs.</summary>
    public Task<StreamOutcome> SetStatusAsync(Principal owner, Guid id, StreamStatus status, string? reason, AuditActor by) =>
        store.InTransactionOfAsync<StreamOutcome>(by, clock, async now =>
        {
            if (!await streams.TrySetStatusAsync(owner, id, status, reason, now))
                return new StreamOutcome.Unknown();
            if (status is StreamStatus.Disabled)
                await sets.DeleteAllAsync(id);
            var detail = $"{id} {status.ToString().ToLowerInvariant()}";
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignalStreamChanged, now, owner.Id, detail: detail));
            sets.Announce();
            return await streams.FindAsync(owner, id) is { } stream ? new StreamOutcome.Done(stream) : new StreamOutcome.Unknown();
        });

    /// <summary>Sends a verification event over the stream, which only shows that it arrives (SSF 1.0, section 8.1.4).</summary>
    public Task<StreamOutcome> VerifyAsync(Principal owner, Guid id, string? state, AuditActor by) =>
        store.InTransactionOfAsync<StreamOutcome>(by, clock, async now =>
        {
            if (await streams.FindAsync(owner, id) is not { } stream)
                return new StreamOutcome.Unknown();
            if (stream.Status is StreamStatus.Disabled)
                return new StreamOutcome.IsDisabled();
            if (!await streams.TryUseVerificationAsync(owner, id, now))
                return new StreamOutcome.TooSoon();
            await sets.AddAsync([sets.Create(stream, Signal.Verification(id, state), txn: null, toe: null)]);
            return new StreamOutcome.Done(stream);
        });

    private SignalStream Apply(SignalStream before, StreamChange change)
    {
        var delivery = change.Delivery.IsGiven ? change.Delivery.Value : null;
        var push = delivery as StreamDelivery.Push;
        var seal = push?.Authorization is { } header ? streams.SealAuthorization(before.Id, header) : null;
        return before with
        {
            EventsRequested = change.Events.IsGiven ? ToText(change.Events.Value) : before.EventsRequested,
            Description = change.Description.IsGiven ? change.Description.Value : before.Description,
            EndpointUrl = delivery is null ? before.EndpointUrl : push?.Endpoint,
            KeyId = delivery is null ? before.KeyId : seal?.KeyId,
            SealedAuthorization = delivery is null ? before.SealedAuthorization : seal?.Bytes,
        };
    }

    private static string? ToText(IReadOnlyList<string>? events) => events is null ? null : string.Join(' ', events);

    /// <summary>Returns where SETs go, without the query of the address, which may contain a secret.</summary>
    private static string ToAuditText(SignalStream stream) =>
        $"{stream.Id} {(stream.EndpointUrl is { } url ? $"push to {new Uri(url).GetLeftPart(UriPartial.Path)}" : "poll")}";
}
