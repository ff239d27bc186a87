using System.Text.Json.Serialization;

namespace AuthService.Api.Http;

internal sealed record LoginRequest(string? Username, string? Password, string? Service, bool? PublicComputer);

/// <summary>The answer to a sign-in; the refresh token is in it for an application and in the cookie for a browser.</summary>
internal sealed record LoginResponse(
    string AccessToken, string CsrfToken, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken);
