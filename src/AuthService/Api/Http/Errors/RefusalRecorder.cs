using System.Diagnostics;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Limits;
using AuthService.Refusals;

namespace AuthService.Api.Http.Errors;

/// <summary>
/// Records refusals, so that they can be found by their trace id. Every refusal is counted and logged. Rows are stored only within a rate limit for each
/// address and one for all addresses, so that a flood of refusals does not write more than that.
/// </summary>
internal sealed class RefusalRecorder(RefusalBuffer buffer, RefusalReports reports, TimeProvider clock)
{
    private static readonly CallBudget RowsOfAddress = new(100, TimeSpan.FromSeconds(50));
    private static readonly CallBudget RowsInAll = new(1_000, TimeSpan.FromSeconds(50));

    private readonly CallCounters _ofAddresses = new(clock);
    private readonly CallCounters _inAll = new(clock);

    /// <summary>
    /// Returns the W3C trace id, which is the one of a known proxy if it sent one. Without tracing it is the framework's id of the request.
    /// </summary>
    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    /// <summary>
    /// Records an error if it is a refusal. A status that is not a refusal by itself counts as one only with a note: a 404 for a revoked session does, a 404
    /// for an unknown path does not.
    /// </summary>
    public void Record(HttpContext context, ApiError error)
    {
        if (error.Status >= StatusCodes.Status500InternalServerError)
            return; // this is a fault of the service, whatever was noted before
        var note = error.Note ?? context.RequestServices.GetService<RefusalNotes>()?.Last;
        if (note is null && !IsRefusal(error.Status))
            return;
        var refused = RowOf(context, error, note is { Principal: null, SessionId: null } ? About(context, note) : note);
        reports.Refused(refused);
        if (!MayKeep(context) || !buffer.TryAdd(refused))
            reports.Dropped(1);
    }

    private static bool IsRefusal(int status) => status
        is StatusCodes.Status401Unauthorized
        or StatusCodes.Status403Forbidden
        or StatusCodes.Status409Conflict
        or StatusCodes.Status429TooManyRequests;

    /// <summary>Adds the caller, if one is known, to a note that has neither principal nor session.</summary>
    private static RefusalNote About(HttpContext context, RefusalNote note) => context.User.Identity is Caller caller
        ? note with { Principal = caller.Name, SessionId = caller.SessionId }
        : note;

    private bool MayKeep(HttpContext context)
    {
        var address = AddressKey.Of(context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]);
        return _ofAddresses.TryTake(address, RowsOfAddress) is null && _inAll.TryTake("", RowsInAll) is null;
    }

    private RefusedCall RowOf(HttpContext context, ApiError error, RefusalNote? note) => new()
    {
        At = clock.GetUtcNow(),
        TraceId = TraceIdOf(context),
        Operation = OperationOf(context.FindCalledEndpoint()),
        Status = error.Status,
        Code = error.Code,
        Reason = note?.Reason.ToCode() ?? error.Code,
        Principal = note?.Principal,
        SessionId = note?.SessionId,
        Caller = context.User.Identity is { IsAuthenticated: true, Name: { } caller } ? caller : null,
        IpAddress = ClientInfo.TextOf(context.Connection.RemoteIpAddress),
        Facts = note?.Facts ?? [],
    };

    /// <summary>Returns the name of an operation, or the path of a page.</summary>
    private static string? OperationOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText;
}
