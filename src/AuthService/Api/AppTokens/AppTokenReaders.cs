using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <summary>
/// A value that was read from a body. The text of the body distinguishes a repeated call from a different one (<see cref="IdempotencyFilter"/>).
/// </summary>
internal interface IReadBody
{
    string RawText { get; }
}

/// <summary>The app token that a caller requests.</summary>
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
        // The application's uid must equal the uid in the path only if the application does not exist yet, which is checked later. When there are other faults,
        // this one is reported with them.
        if (application is not null && body.Fault is not null && path is not null)
            application.RequireText("uid", path);
        return body.Result(new PortalAccessBody(expiry is { } seconds ? TimeSpan.FromSeconds(seconds) : null, featureFlags, details, sessionId, body.RawText));
    }
}

/// <summary>The tokens of an application that expire, and the time until they do.</summary>
/// <param name="SessionIds">Null for every token. An empty list is refused, because it can mean nothing sensible.</param>
internal sealed record ExpireAllBody(TimeSpan Grace, string[]? SessionIds, string RawText) : IReadBody;

internal sealed class ExpireAllReader : IInputReader<ExpireAllBody>
{
    /// <summary>The longest expiry: seven days, in seconds.</summary>
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
