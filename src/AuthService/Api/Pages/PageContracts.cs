using System.Reflection;
using System.Text.Json.Serialization;
using AuthService.Api.Http.OpenApi;
using AuthService.Tokens;

namespace AuthService.Api.Pages;

/// <summary>The description of the service for programs that call its root address.</summary>
/// <param name="Name">The name of the service.</param>
/// <param name="Version">The version of the running program.</param>
/// <param name="Account">The address of the account page.</param>
/// <param name="Metadata">The address of the metadata about endpoints and keys (RFC 8414).</param>
/// <param name="Documentation">The address of Swagger UI; absent when it is switched off.</param>
/// <param name="Health">The address that reports whether the service is ready.</param>
internal sealed record ServiceDescription(
    string Name,
    string Version,
    string Account,
    string Metadata,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Documentation,
    string Health)
{
    private static readonly string Current =
        typeof(ServiceDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static ServiceDescription At(string address, bool withDocumentation) => new(
        "AuthService",
        Current,
        $"{address}{PublicNames.AccountPath}",
        $"{address}/.well-known/oauth-authorization-server",
        withDocumentation ? $"{address}{DocumentsSwitch.Page}" : null,
        $"{address}/health/ready");
}

/// <summary>The data that the portal page shows about the token with which it was opened.</summary>
/// <param name="Application">The application that the token is for.</param>
/// <param name="ExpiresAt">When the token expires.</param>
/// <param name="FeatureFlags">The features that the portal is to show, as the creator of the link chose them.</param>
internal sealed record AppTokenDescription(ApplicationName Application, DateTimeOffset ExpiresAt, IReadOnlyList<string> FeatureFlags);

/// <param name="Name">The name, to show to people.</param>
/// <param name="Uid">The customer's own id of the application; the id of this service when there is none.</param>
internal sealed record ApplicationName(string Name, string Uid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AppTokenDescription))]
[JsonSerializable(typeof(ServiceDescription))]
internal sealed partial class PageJson : JsonSerializerContext;
