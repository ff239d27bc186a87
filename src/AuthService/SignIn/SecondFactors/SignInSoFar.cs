using System.Text.Json;
using AuthService.Sessions;

namespace AuthService.SignIn.SecondFactors;

/// <summary>The proof that a person has given when a second factor is owed. It is stored with the challenge, because another instance may continue.</summary>
/// <param name="Methods">The authentication methods used (<see cref="AuthenticationMethods"/>).</param>
/// <param name="Sso">The identity provider that has verified the person, if any.</param>
internal sealed record SignInSoFar(string[] Methods, SsoOrigin? Sso)
{
    /// <summary>The linked account at the identity provider that was used.</summary>
    public Guid? IdentityId { get; init; }

    public static SignInSoFar Of(Proof proof) => new(proof.Methods, proof.Sso) { IdentityId = proof.IdentityId };

    /// <summary>Reads the proof from a challenge. One without a state was created after a password.</summary>
    public static SignInSoFar Of(SignInChallenge challenge) => challenge.State is { } text
        ? JsonSerializer.Deserialize<SignInSoFar>(text, JsonSerializerOptions.Default)!
        : new SignInSoFar([AuthenticationMethods.Password], Sso: null);

    public string ToText() => JsonSerializer.Serialize(this, JsonSerializerOptions.Default);
}
