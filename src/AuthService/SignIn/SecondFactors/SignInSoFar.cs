using System.Text.Json;
using AuthService.Sessions;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What somebody has shown when a second factor is owed; kept with the challenge, since another instance may go on.</summary>
/// <param name="Methods">How (<see cref="AuthenticationMethods"/>).</param>
/// <param name="Sso">The identity provider that has seen to it, if one has.</param>
internal sealed record SignInSoFar(string[] Methods, SsoOrigin? Sso)
{
    public static SignInSoFar Of(SessionStart start) => new(start.Methods, start.Sso);

    /// <summary>A challenge that says nothing was made after a password.</summary>
    public static SignInSoFar Of(SignInChallenge challenge) => challenge.State is { } text
        ? JsonSerializer.Deserialize<SignInSoFar>(text, JsonSerializerOptions.Default)!
        : new SignInSoFar([AuthenticationMethods.Password], Sso: null);

    public string ToText() => JsonSerializer.Serialize(this, JsonSerializerOptions.Default);
}
