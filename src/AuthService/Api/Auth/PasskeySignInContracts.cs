using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace AuthService.Api.Auth;

/// <param name="Service">The name of the login service that the person signs in for.</param>
internal sealed record PasskeyOptionsRequest([property: Required] string? Service);

/// <param name="ChallengeId">The id of the challenge that came with the options.</param>
/// <param name="Credential">The result of <c>navigator.credentials.get</c> in WebAuthn's JSON (<c>toJSON</c>).</param>
/// <param name="Service">The login service that the options were requested for.</param>
/// <param name="PublicComputer">Whether the computer is public, which shortens the session; false when missing.</param>
internal sealed record PasskeyLoginRequest(
    [property: Required] string? ChallengeId,
    [property: Required] JsonObject? Credential,
    [property: Required] string? Service,
    bool? PublicComputer = null);
