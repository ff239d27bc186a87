using System.Text.Json.Serialization;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <param name="Name">The name, to show to people; 1 to 256 characters.</param>
/// <param name="Uid">The customer's own unique id for the application: letters, digits, '-', '_' and '.'; absent or null when there is none.</param>
/// <param name="Metadata">Texts of the customer, which are stored unchanged.</param>
/// <param name="ThrottleRate">Calls per second, 0 to 65,535. It is stored for the customer and has no effect in this service.</param>
/// <param name="RateLimit">The old name of throttleRate. Two different values are refused.</param>
internal sealed record ApplicationRequest(
    string Name, string? Uid, IReadOnlyDictionary<string, string>? Metadata, int? ThrottleRate, int? RateLimit = null);

/// <summary>A change of an application. A missing member stays unchanged.</summary>
/// <param name="Name">1 to 256 characters.</param>
/// <param name="Uid">The customer's own unique id; null removes it.</param>
/// <param name="Metadata">Texts of the customer. They replace all existing ones.</param>
/// <param name="ThrottleRate">Calls per second, 0 to 65,535; null removes it.</param>
/// <param name="RateLimit">The old name of throttleRate. Two different values are refused.</param>
internal sealed record ApplicationPatchRequest(
    string? Name, string? Uid, IReadOnlyDictionary<string, string>? Metadata, int? ThrottleRate, int? RateLimit = null);

/// <summary>A customer's application.</summary>
/// <param name="Id">The id that this service gave, beginning with app_.</param>
/// <param name="Uid">The customer's own id; null when there is none.</param>
/// <param name="Name">The name, to show to people.</param>
/// <param name="Metadata">Texts of the customer.</param>
/// <param name="RateLimit">The old name of throttleRate, with the same value.</param>
/// <param name="ThrottleRate">Calls per second, stored for the customer; null when there is none.</param>
/// <param name="CreatedAt">When the application was created.</param>
/// <param name="UpdatedAt">When the application was last changed.</param>
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
/// <param name="Done">Whether this is the last page.</param>
/// <param name="Iterator">The value to send as <c>iterator</c> to get the next page; null when there are no applications.</param>
/// <param name="PrevIterator">The value to send as <c>iterator</c> to get the previous page; null when there is none.</param>
internal sealed record ApplicationListResponse(IReadOnlyList<ApplicationResponse> Data, bool Done, string? Iterator, string? PrevIterator);

/// <param name="FeatureFlags">The features that the portal may show to the holder of the link.</param>
/// <param name="Expiry">The lifetime of the token in seconds, 3,600 to 604,800; 7 days when missing.</param>
/// <param name="Application">An application to create if none has the uid of the path yet.</param>
/// <param name="SessionId">The caller's own name for a session, 1 to 256 characters. An expire-all call with that name expires the token.</param>
internal sealed record PortalAccessRequest(string[]? FeatureFlags, int? Expiry, ApplicationRequest? Application, string? SessionId = null);

/// <param name="Expiry">The number of seconds until the tokens expire, 0 to 604,800; when missing, they expire at once.</param>
/// <param name="SessionIds">Only tokens that were created with one of these names expire, 1 to 100 names. When missing, every token expires.</param>
internal sealed record ExpireAllRequest(int? Expiry, string[]? SessionIds = null);

/// <param name="Url">A magic link to the portal, which has the token in its fragment.</param>
/// <param name="Token">The app token alone.</param>
internal sealed record PortalAccessResponse(string Url, string Token);

/// <param name="Code">A stable code for programs.</param>
/// <param name="Detail">A description of the error for people.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
internal sealed record AppTokenErrorBody(string Code, string Detail, string TraceId);

/// <param name="Detail">All faults of the request.</param>
/// <param name="TraceId">The trace id of the call, as in the service's logs and traces.</param>
internal sealed record ValidationErrorBody(IReadOnlyList<ValidationFault> Detail, string TraceId);

/// <param name="Loc">The place of the fault: body, query, path or header, followed by the names of the members that lead to it.</param>
/// <param name="Msg">A description of what is allowed.</param>
/// <param name="Type">A stable code for programs.</param>
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
