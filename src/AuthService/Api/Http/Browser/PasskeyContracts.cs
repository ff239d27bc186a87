using System.Text.Json.Nodes;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.Passkeys;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>The data that a page gives to the browser to create or to request a passkey.</summary>
/// <param name="ChallengeId">The challenge's id, to be sent back with the browser's result. It is valid for one answer, for ten minutes.</param>
/// <param name="Options">The argument for <c>PublicKeyCredential.parseRequestOptionsFromJSON</c> or <c>parseCreationOptionsFromJSON</c>.</param>
internal sealed record PasskeyPromptResponse(string ChallengeId, JsonObject Options)
{
    public static PasskeyPromptResponse Of(PasskeyPrompt prompt) => new(prompt.Challenge.Reveal(), prompt.Options);
}

/// <summary>Checks the browser's answer to a passkey challenge.</summary>
internal static class PasskeyAnswers
{
    private const string Challenge = "challengeId";
    private const string Credential = "credential";

    /// <param name="challenge">The challenge id in the request.</param>
    /// <param name="credential">WebAuthn's JSON, which the framework reads.</param>
    /// <param name="incorrect">The API's refusal of an unknown challenge, which is also used for a malformed one.</param>
    public static ReadResult<PasskeyAnswer> Check(string? challenge, JsonObject? credential, ApiError incorrect)
    {
        if (challenge is null)
            return ApiError.Missing(Challenge);
        if (credential is null)
            return ApiError.Missing(Credential);
        return ChallengeId.TryParse(challenge) is { } id ? new PasskeyAnswer(id, credential.ToJsonString()) : incorrect;
    }
}
