using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AuthService.Api.Http.Browser;

/// <param name="Username">At most 250 characters, in any letter case.</param>
/// <param name="Password">At most 256 characters.</param>
/// <param name="Service">The name of a login service.</param>
/// <param name="PublicComputer">Shortens the session.</param>
internal sealed record LoginRequest(
    [property: Required] string? Username, [property: Required] string? Password, [property: Required] string? Service, bool? PublicComputer);

/// <summary>
/// The answer to a sign-in: tokens, with the refresh token for an application, whose browser has it in a cookie otherwise. Or, when the person
/// has a second factor, nothing but the challenge that it answers.
/// </summary>
/// <param name="AccessToken">A signed JWT that lives minutes.</param>
/// <param name="CsrfToken">For the header X-CSRFToken of webRefresh and webLogout.</param>
/// <param name="RefreshToken">Only for a service of the mode Application.</param>
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
