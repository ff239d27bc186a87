using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace AuthService.Api.Auth;

/// <param name="Service">The login service that somebody signs in for.</param>
internal sealed record PasskeyOptionsRequest([property: Required] string? Service);

/// <param name="ChallengeId">Of the options.</param>
/// <param name="Credential">What <c>navigator.credentials.get</c> gave, in WebAuthn's JSON (<c>toJSON</c>).</param>
/// <param name="Service">The one that the options were made for.</param>
/// <param name="PublicComputer">Shortens the session.</param>
internal sealed record PasskeyLoginRequest(
    [property: Required] string? ChallengeId,
    [property: Required] JsonObject? Credential,
    [property: Required] string? Service,
    bool? PublicComputer = null);
