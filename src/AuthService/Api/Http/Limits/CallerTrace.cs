using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>
/// Reads the W3C trace context. A call from a known proxy continues the proxy's trace. Any other call gets a trace of its own, with a link to the one that it
/// sent. Otherwise a caller could keep their calls out of all traces (flags 00), and choose the trace id in our log.
/// </summary>
internal sealed class CallerTrace(IHttpContextAccessor http, IOptions<ReverseProxyOptions> proxies) : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator Standard = CreateDefaultPropagator();

    public override IReadOnlyCollection<string> Fields => Standard.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => Standard.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        Standard.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        if (traceId is not null && !IsTrusted())
            (traceId, traceState) = (null, null);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        Standard.ExtractBaggage(carrier, getter) is { } baggage && IsTrusted() ? baggage : null;

    /// <summary>Adds the link. It runs before the peer's address is replaced by the address that a proxy forwards.</summary>
    public static Task LinkAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.TraceParent is [{ } parent]
            && context.Features.Get<IHttpActivityFeature>()?.Activity is { ParentId: null } span
            && ActivityContext.TryParse(parent, headers.TraceState, isRemote: true, out var sent))
            span.AddLink(new ActivityLink(sent));
        return next(context);
    }

    private bool IsTrusted() => proxies.Value.Knows(http.HttpContext?.Connection.RemoteIpAddress);
}
