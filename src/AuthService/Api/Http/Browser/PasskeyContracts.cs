using System.Text.Json.Nodes;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.Passkeys;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>What a page gives to the browser to make a passkey or to ask for one.</summary>
/// <param name="ChallengeId">Goes back with what the browser gave; good for one answer, for ten minutes.</param>
/// <param name="Options">For <c>PublicKeyCredential.parseRequestOptionsFromJSON</c> or <c>parseCreationOptionsFromJSON</c>.</param>
internal sealed record PasskeyPromptResponse(string ChallengeId, JsonObject Options)
{
    public static PasskeyPromptResponse Of(PasskeyPrompt prompt) => new(prompt.Challenge.Reveal(), prompt.Options);
}

/// <summary>What a browser gave.</summary>
internal static class PasskeyAnswers
{
    private const string Challenge = "challengeId";
    private const string Credential = "credential";

    /// <param name="challenge">As it was sent.</param>
    /// <param name="credential">WebAuthn's JSON, which the framework reads.</param>
    /// <param name="incorrect">The surface's refusal: what no challenge can be is refused as an unknown one.</param>
    public static ReadResult<PasskeyAnswer> Check(string? challenge, JsonObject? credential, ApiError incorrect)
    {
        if (challenge is null)
            return LoginReader.Missing(Challenge);
        if (credential is null)
            return LoginReader.Missing(Credential);
        return ChallengeId.TryParse(challenge) is { } id ? new PasskeyAnswer(id, credential.ToJsonString()) : incorrect;
    }
}
