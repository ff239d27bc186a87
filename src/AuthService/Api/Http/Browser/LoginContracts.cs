using System.Text.Json.Serialization;

namespace AuthService.Api.Http.Browser;

internal sealed record LoginRequest(string? Username, string? Password, string? Service, bool? PublicComputer);

/// <summary>
/// The answer to a sign-in: tokens, with the refresh token for an application, whose browser has it in a cookie otherwise. Or, when the person
/// has a second factor, nothing but the challenge that it answers.
/// </summary>
internal sealed record LoginResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccessToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null)
{
    /// <summary>The challenge for <c>answerChallenge</c>.</summary>
    [JsonPropertyName("2fa")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Challenge { get; init; }
}
