using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AuthService.Api.Http.Browser;

/// <param name="Username">The name that the person signs in with, at most 250 characters; upper and lower case are the same.</param>
/// <param name="Password">The password, at most 256 characters.</param>
/// <param name="Service">The name of a login service.</param>
/// <param name="PublicComputer">Whether the computer is public, which shortens the session; false when missing.</param>
internal sealed record LoginRequest(
    [property: Required] string? Username, [property: Required] string? Password, [property: Required] string? Service, bool? PublicComputer);

/// <summary>
/// The response to a sign-in. It has the tokens of the session. An application also gets the refresh token, which a browser gets as a cookie instead. If the
/// person has a second factor, the response has only the challenge to answer.
/// </summary>
/// <param name="AccessToken">A signed JWT that expires after minutes; absent when there is a challenge.</param>
/// <param name="CsrfToken">The CSRF token for the header X-CSRFToken of webRefresh and webLogout; absent when there is a challenge.</param>
/// <param name="RefreshToken">The refresh token; absent unless the login service has the mode Application.</param>
internal sealed record LoginResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccessToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null)
{
    /// <summary>The id of the challenge, as <c>answerChallenge</c> takes it; absent when the sign-in is complete.</summary>
    [JsonPropertyName("2fa")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Challenge { get; init; }
}
