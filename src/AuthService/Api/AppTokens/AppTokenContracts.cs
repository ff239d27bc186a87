using System.Text.Json.Serialization;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <param name="Name">1 to 256 characters.</param>
/// <param name="Uid">The customer's own name for the application, unique; letters, digits, '-', '_' and '.'.</param>
/// <param name="Metadata">Texts of the customer's, kept as they are.</param>
/// <param name="ThrottleRate">0 to 65,535 calls a second; kept for the customer, of no meaning here.</param>
/// <param name="RateLimit">The old name of throttleRate.</param>
internal sealed record ApplicationRequest(
    string Name, string? Uid, IReadOnlyDictionary<string, string>? Metadata, int? ThrottleRate, int? RateLimit = null);

/// <summary>What is left out stays as it is.</summary>
/// <param name="Name">1 to 256 characters.</param>
/// <param name="Uid">Null takes it away.</param>
/// <param name="Metadata">All of it, in the place of what there is.</param>
/// <param name="ThrottleRate">0 to 65,535 calls a second; null takes it away.</param>
/// <param name="RateLimit">The old name of throttleRate.</param>
internal sealed record ApplicationPatchRequest(
    string? Name, string? Uid, IReadOnlyDictionary<string, string>? Metadata, int? ThrottleRate, int? RateLimit = null);

/// <summary>A customer's application.</summary>
/// <param name="Id">Ours, app_…</param>
/// <param name="Uid">The customer's own, where it has one.</param>
/// <param name="Name">For people.</param>
/// <param name="Metadata">Texts of the customer's.</param>
/// <param name="RateLimit">The old name of throttleRate.</param>
/// <param name="ThrottleRate">Calls a second, kept for the customer.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record ApplicationResponse(
    string Id,
    string? Uid,
    string Name,
    IReadOnlyDictionary<string, string> Metadata,
    int? RateLimit,
    int? ThrottleRate,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ApplicationResponse Of(Application application) => new(
        application.Id,
        application.Uid,
        application.Name,
        application.Metadata,
        application.RateLimit,
        application.RateLimit,
        application.CreatedAt,
        application.UpdatedAt);
}

/// <param name="Data">The applications of this page.</param>
/// <param name="Done">There is no page behind this one.</param>
/// <param name="Iterator">Asks for the page behind this one.</param>
/// <param name="PrevIterator">Asks for the page before this one.</param>
internal sealed record ApplicationListResponse(IReadOnlyList<ApplicationResponse> Data, bool Done, string? Iterator, string? PrevIterator);

/// <param name="FeatureFlags">What the portal may show to the holder of the link.</param>
/// <param name="Expiry">In seconds, 3,600 to 604,800; 7 days when missing.</param>
/// <param name="Application">To be made when there is none of this uid yet.</param>
/// <param name="SessionId">1 to 256 characters: the caller's own name for a session. An expire-all that names it ends the token.</param>
internal sealed record PortalAccessRequest(string[]? FeatureFlags, int? Expiry, ApplicationRequest? Application, string? SessionId = null);

/// <param name="Expiry">In seconds, 0 to 604,800; at once when missing.</param>
/// <param name="SessionIds">Only the tokens that were made with one of these, at least one; every token when missing.</param>
internal sealed record ExpireAllRequest(int? Expiry, string[]? SessionIds = null);

/// <param name="Url">A magic link to the portal, with the token in its fragment.</param>
/// <param name="Token">The app token by itself.</param>
internal sealed record PortalAccessResponse(string Url, string Token);

/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">For people.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
internal sealed record AppTokenErrorBody(string Code, string Detail, string TraceId);

/// <param name="Detail">Each thing that is wrong.</param>
/// <param name="TraceId">Under which the call stands in the log lines and traces.</param>
internal sealed record ValidationErrorBody(IReadOnlyList<ValidationFault> Detail, string TraceId);

/// <param name="Loc">Where it stands: body, query, path or header, then the names that lead there.</param>
/// <param name="Msg">What is allowed.</param>
/// <param name="Type">Stable, for programs.</param>
internal sealed record ValidationFault(IReadOnlyList<string> Loc, string Msg, string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplicationRequest))]
[JsonSerializable(typeof(ApplicationPatchRequest))]
[JsonSerializable(typeof(ApplicationListResponse))]
[JsonSerializable(typeof(PortalAccessRequest))]
[JsonSerializable(typeof(ExpireAllRequest))]
[JsonSerializable(typeof(PortalAccessResponse))]
[JsonSerializable(typeof(AppTokenErrorBody))]
[JsonSerializable(typeof(ValidationErrorBody))]
internal sealed partial class AppTokenJson : JsonSerializerContext;
