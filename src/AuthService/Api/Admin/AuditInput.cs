using System.Globalization;
using System.Reflection;
using AuthService.Api.Http;
using AuthService.Audit;
using AuthService.Principals;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Admin;

/// <summary>Which deeds are asked for, and how many.</summary>
internal sealed class AuditInput : IBoundInput, IBindableFromHttpContext<AuditInput>, IEndpointParameterMetadataProvider
{
    private const int UsualLimit = 50;
    private const int HighestLimit = 1_000;

    private static readonly string Id = $"an id of 1 to {PrincipalName.MaximumLength} characters, none of them a control character";
    private static readonly string Events = $"one of {string.Join(", ", AuditEvents.All.Order(StringComparer.Ordinal))}";
    private static readonly string Limits = $"a whole number from 1 to {HighestLimit}";
    private static readonly string Moment = "a moment like 2026-11-22T05:42:43Z or a day like 2026-11-22";
    private static readonly string[] MomentFormats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static ApiError BadPeriod => ApiError.BadRequest("from in the query must not be later than to");

    private AuditInput(AuditFilter filter, AuditPosition? after, int limit, ApiError? fault) =>
        (Filter, After, Limit, Fault) = (filter, after, limit, fault);

    public ApiError? Fault { get; }

    public AuditFilter Filter { get; }

    /// <summary>Where the page before this one ended.</summary>
    public AuditPosition? After { get; }

    public int Limit { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ReadsParameter("principal", "To whom it was done: an id in any letter case"));
        builder.Metadata.Add(new ReadsParameter("actor", "Who did it: an id in any letter case"));
        builder.Metadata.Add(new ReadsParameter("event", Events));
        builder.Metadata.Add(new ReadsParameter("from", $"Not before {Moment}; UTC unless it says otherwise"));
        builder.Metadata.Add(new ReadsParameter("to", $"Before {Moment}"));
        builder.Metadata.Add(new ReadsParameter("limit", $"{Limits}; {UsualLimit} when missing") { IsNumber = true });
        builder.Metadata.Add(new ReadsParameter("cursor", "The nextCursor of the page before"));
    }

    public static ValueTask<AuditInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = new QueryValues(context.Request.Query);
        var filter = new AuditFilter(
            query.Read<string?>("principal", null, Id, TryReadId),
            query.Read<string?>("actor", null, Id, TryReadId),
            query.Read<string?>("event", null, Events, TryReadEvent),
            query.Read<DateTimeOffset?>("from", null, Moment, TryReadMoment),
            query.Read<DateTimeOffset?>("to", null, Moment, TryReadMoment));
        var limit = query.Read("limit", UsualLimit, Limits, TryReadLimit);
        var after = query.Read<AuditPosition?>("cursor", null, "the nextCursor of a page, unchanged", TryReadCursor);
        var fault = query.Fault ?? (filter.From > filter.To ? BadPeriod : null);
        return ValueTask.FromResult<AuditInput?>(new AuditInput(filter, after, limit, fault));
    }

    private static bool TryReadId(string text, out string? id)
    {
        id = text;
        return PrincipalName.TryParse(text, out _);
    }

    private static bool TryReadEvent(string text, out string? name)
    {
        name = text;
        return AuditEvents.All.Contains(text);
    }

    /// <summary>A plus sign that was not encoded in the query comes as a space.</summary>
    private static bool TryReadMoment(string text, out DateTimeOffset? moment)
    {
        var readable = DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), MomentFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        moment = read;
        return readable;
    }

    private static bool TryReadLimit(string text, out int limit) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= HighestLimit;

    private static bool TryReadCursor(string text, out AuditPosition? position) => AuditPosition.TryParse(text, out position);
}
