using System.Text.Json.Serialization;

namespace AuthService.Api.Pages;

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
internal sealed partial class PageJson : JsonSerializerContext;
