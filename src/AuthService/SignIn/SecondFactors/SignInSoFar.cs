using System.Text.Json;
using AuthService.Sessions;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What somebody has shown when a second factor is owed; kept with the challenge, since another instance may go on.</summary>
/// <param name="Methods">How (<see cref="AuthenticationMethods"/>).</param>
/// <param name="Sso">The identity provider that has seen to it, if one has.</param>
internal sealed record SignInSoFar(string[] Methods, SsoOrigin? Sso)
{
    /// <summary>The linked account there that was used.</summary>
    public Guid? IdentityId { get; init; }

    public static SignInSoFar Of(Proof proof) => new(proof.Methods, proof.Sso) { IdentityId = proof.IdentityId };

    /// <summary>A challenge that says nothing was made after a password.</summary>
    public static SignInSoFar Of(SignInChallenge challenge) => challenge.State is { } text
        ? JsonSerializer.Deserialize<SignInSoFar>(text, JsonSerializerOptions.Default)!
        : new SignInSoFar([AuthenticationMethods.Password], Sso: null);

    public string ToText() => JsonSerializer.Serialize(this, JsonSerializerOptions.Default);
}
