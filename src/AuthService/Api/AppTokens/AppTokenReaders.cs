using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <summary>What was read from a body. The text of the body tells a repeated call from another one (<see cref="IdempotencyFilter"/>).</summary>
internal interface IReadBody
{
    string RawText { get; }
}

/// <summary>What an app token is to be good for.</summary>
internal sealed record PortalAccessBody(
    TimeSpan? Lifetime, string[]? FeatureFlags, ApplicationDetails? Application, string? SessionId, string RawText) : IReadBody;

internal sealed class PortalAccessReader : IInputReader<PortalAccessBody>
{
    private const int ShortestExpiry = 3_600;

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new MayReadBody(typeof(PortalAccessRequest)));

    public static async ValueTask<ReadResult<PortalAccessBody>> ReadAsync(HttpContext context) =>
        Read(await BodyReader.ReadOptionalAsync(context), context.GetRouteValue(ApplicationKeyReader.Name) as string);

    private static ReadResult<PortalAccessBody> Read(BodyReader body, string? path)
    {
        var expiry = body.WholeNumber("expiry", ShortestExpiry, ExpireAllReader.LongestExpiry);
        var featureFlags = body.Identifiers("featureFlags");
        var sessionId = body.Text("sessionId");
        var application = body.Member("application");
        var details = application is null ? null : ApplicationReader.Read(application);
        // Whether the uid agrees with the path matters only when there is no such application yet; if there are faults anyway, it is named with them.
        if (application is not null && body.Fault is not null && path is not null)
            application.RequireText("uid", path);
        return body.Result(new PortalAccessBody(expiry is { } seconds ? TimeSpan.FromSeconds(seconds) : null, featureFlags, details, sessionId, body.RawText));
    }
}

/// <summary>Which tokens of an application expire, and how soon.</summary>
/// <param name="SessionIds">Null for every token. An empty list says nothing that could be meant, and is refused.</param>
internal sealed record ExpireAllBody(TimeSpan Grace, string[]? SessionIds, string RawText) : IReadBody;

internal sealed class ExpireAllReader : IInputReader<ExpireAllBody>
{
    /// <summary>Seven days, in seconds.</summary>
    public const int LongestExpiry = 604_800;

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new MayReadBody(typeof(ExpireAllRequest)));

    public static async ValueTask<ReadResult<ExpireAllBody>> ReadAsync(HttpContext context)
    {
        var body = await BodyReader.ReadWholeAsync(context);
        body.RefuseOthers("expiry", "sessionIds");
        var grace = TimeSpan.FromSeconds(body.WholeNumber("expiry", 0, LongestExpiry) ?? 0);
        return body.Result(new ExpireAllBody(grace, body.TextList("sessionIds"), body.RawText));
    }
}
