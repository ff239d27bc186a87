using System.Reflection;
using System.Text.Json.Serialization;
using AuthService.Api.Http.OpenApi;
using AuthService.Tokens;

namespace AuthService.Api.Pages;

/// <summary>What a program is told at the address of the service itself.</summary>
/// <param name="Name">What answers here.</param>
/// <param name="Version">Of the running binary.</param>
/// <param name="Account">The page for people.</param>
/// <param name="Metadata">Endpoints and keys (RFC 8414).</param>
/// <param name="Documentation">Swagger UI, where it is switched on.</param>
/// <param name="Health">Whether it can be used at the moment.</param>
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

/// <summary>What the portal page shows of the token that it was opened with.</summary>
/// <param name="Application">For which it is.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="FeatureFlags">What whoever gave out the link wants to be shown.</param>
internal sealed record AppTokenDescription(ApplicationName Application, DateTimeOffset ExpiresAt, IReadOnlyList<string> FeatureFlags);

/// <param name="Name">For people.</param>
/// <param name="Uid">The customer's own id of it; ours where it has none.</param>
internal sealed record ApplicationName(string Name, string Uid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AppTokenDescription))]
[JsonSerializable(typeof(ServiceDescription))]
internal sealed partial class PageJson : JsonSerializerContext;
