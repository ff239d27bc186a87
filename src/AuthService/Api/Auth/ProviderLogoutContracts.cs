using System.Text.Json.Serialization;

namespace AuthService.Api.Auth;

internal sealed record ProviderLogoutErrorBody(
    [property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);
