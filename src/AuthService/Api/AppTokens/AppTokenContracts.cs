using System.Text.Json.Serialization;
using AuthService.Applications;

namespace AuthService.Api.AppTokens;

/// <param name="Name">1 to 256 characters.</param>
/// <param name="Uid">The customer's own name for the application, unique; letters, digits, '-', '_' and '.'.</param>
/// <param name="Metadata">Texts of the customer's, kept as they are.</param>
/// <param name="RateLimit">0 to 65,535 calls a second; kept for the customer, of no meaning here.</param>
internal sealed record ApplicationRequest(string Name, string? Uid, IReadOnlyDictionary<string, string>? Metadata, int? RateLimit);

internal sealed record ApplicationResponse(
    string Id,
    string? Uid,
    string Name,
    IReadOnlyDictionary<string, string> Metadata,
    int? RateLimit,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static ApplicationResponse Of(Application application) => new(
        application.Id,
        application.Uid,
        application.Name,
        application.Metadata,
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
internal sealed record PortalAccessRequest(string[]? FeatureFlags, int? Expiry, ApplicationRequest? Application);

/// <param name="Expiry">In seconds, 0 to 604,800; at once when missing.</param>
internal sealed record ExpireAllRequest(int? Expiry);

/// <param name="Url">A magic link to the portal, with the token in its fragment.</param>
/// <param name="Token">The app token by itself.</param>
internal sealed record PortalAccessResponse(string Url, string Token);

internal sealed record AppTokenErrorBody(string Code, string Detail, string TraceId);

internal sealed record ValidationErrorBody(IReadOnlyList<ValidationFault> Detail, string TraceId);

/// <param name="Loc">Where it stands: body, query, path or header, then the names that lead there.</param>
/// <param name="Msg">What is allowed.</param>
/// <param name="Type">Stable, for programs.</param>
internal sealed record ValidationFault(IReadOnlyList<string> Loc, string Msg, string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplicationRequest))]
[JsonSerializable(typeof(ApplicationListResponse))]
[JsonSerializable(typeof(PortalAccessRequest))]
[JsonSerializable(typeof(ExpireAllRequest))]
[JsonSerializable(typeof(PortalAccessResponse))]
[JsonSerializable(typeof(AppTokenErrorBody))]
[JsonSerializable(typeof(ValidationErrorBody))]
internal sealed partial class AppTokenJson : JsonSerializerContext;
