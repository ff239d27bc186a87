using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals;
using AuthService.Signals;

namespace AuthService.Api.Signals;

/// <summary>The status that a service sets for a stream.</summary>
internal sealed record WantedStatus(Guid Id, StreamStatus Status, string? Reason);

internal sealed class StatusReader : IJsonReader<StatusReader, StatusBody, WantedStatus>
{
    public static ApiError BadStatus => ApiError.BadRequest("status is enabled, paused or disabled");

    public static ApiError BadReason => ApiError.BadRequest($"reason must have at most {UnicodeText.LineForm}");

    public static ReadResult<WantedStatus> Read(StatusBody body)
    {
        if (body.StreamId is null)
            return StreamInput.NoId;
        if (body.Reason is { } reason && !UnicodeText.IsLine(reason))
            return BadReason;
        var id = Ids.Read(body.StreamId);
        return body.Status switch
        {
            "enabled" => new WantedStatus(id, StreamStatus.Enabled, body.Reason),
            "paused" => new WantedStatus(id, StreamStatus.Paused, body.Reason),
            "disabled" => new WantedStatus(id, StreamStatus.Disabled, body.Reason),
            _ => BadStatus,
        };
    }
}

/// <summary>The stream to verify, and the state that its verification event contains.</summary>
internal sealed record WantedVerification(Guid Id, string? State);

internal sealed class VerificationReader : IJsonReader<VerificationReader, VerifyRequest, WantedVerification>
{
    private const int LongestState = 1_000;

    public static ApiError BadState => ApiError.BadRequest($"state must have at most {LongestState} characters");

    public static ReadResult<WantedVerification> Read(VerifyRequest body) => body switch
    {
        { StreamId: null } => StreamInput.NoId,
        { State.Length: > LongestState } => BadState,
        _ when body.State?.Contains('\0', StringComparison.Ordinal) is true => BadState,
        _ => new WantedVerification(Ids.Read(body.StreamId), body.State),
    };
}

/// <summary>Reads the id of a stream in a path. A malformed id is refused like an unknown one.</summary>
internal sealed class StreamRouteReader : IRouteValueReader<Guid>
{
    public static string Description => "The stream's id, as its endpoint_url has it";

    public static ReadResult<Guid> Read(string? text) => Ids.Read(text);
}

internal sealed class PollReader : IJsonReader<PollReader, PollBody, PollRequest>
{
    private const int MostAcknowledged = 1_000;
    private const int LongestError = 100;

    public static ApiError BadLimit => ApiError.BadRequest("maxEvents must be a whole number from 0");

    public static ApiError TooMany => ApiError.BadRequest($"ack and setErrs hold at most {MostAcknowledged} SETs");

    public static ReadResult<PollRequest> Read(PollBody body)
    {
        if (body.MaxEvents < 0)
            return BadLimit;
        if ((body.Ack?.Length ?? 0) + (body.SetErrs?.Count ?? 0) > MostAcknowledged)
            return TooMany;
        var errors = (body.SetErrs ?? []).Select(error => (Id: Ids.Read(error.Key), Text: TextOf(error.Value))).DistinctBy(error => error.Id);
        return new PollRequest(
            Math.Min(body.MaxEvents ?? SignalPolling.MostEvents, SignalPolling.MostEvents),
            body.ReturnImmediately ?? false,
            [.. (body.Ack ?? []).Select(Ids.Read).Where(id => id != Guid.Empty).Distinct()],
            errors.Where(error => error.Id != Guid.Empty).ToDictionary(error => error.Id, error => error.Text));
    }

    private static string TextOf(SetErrorBody? error)
    {
        var code = error?.Err ?? "refused without a reason";
        return Audit.AuditText.Printable(code.Length > LongestError ? code[..LongestError] : code);
    }
}
