using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals.Passwords;
using AuthService.SignIn.Passkeys;
using AuthService.SignIn.SecondFactors;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Auth;

/// <summary>Reads the answer to a challenge from a JSON body.</summary>
internal sealed class ChallengeAnswerReader : IInputReader<ChallengeAnswer>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<AnswerChallengeRequest>(endpoint);

    public static async ValueTask<ReadResult<ChallengeAnswer>> ReadAsync(HttpContext context) =>
        OriginFaults.FindOfSignIn(context) is { } untrusted
            ? untrusted
            : (await JsonBody.ReadAsync<AnswerChallengeRequest>(context)).Then(body =>
                ChallengeAnswer.Check(body.ChallengeId, body.VerificationCode, AuthErrors.IncorrectCode, body.TrustDevice ?? false));
}

/// <summary>Reads the answer to a challenge from a form.</summary>
internal sealed class ChallengeFormReader : IInputReader<ChallengeAnswer>
{
    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(
        new AcceptsMetadata(["application/x-www-form-urlencoded", "multipart/form-data"], typeof(AnswerChallengeRequest)));

    public static async ValueTask<ReadResult<ChallengeAnswer>> ReadAsync(HttpContext context)
    {
        if (OriginFaults.FindOfSignIn(context) is { } untrusted)
            return untrusted;
        return (await FormBody.ReadRequiredAsync(context)).Then(form => ChallengeAnswer.Check(
            form[ChallengeAnswer.ChallengeField], form[ChallengeAnswer.CodeField], AuthErrors.IncorrectCode, form.IsOn(ChallengeAnswer.TrustField)));
    }
}

/// <summary>A proof of identity; exactly one of the three is set.</summary>
internal sealed record IdentityProof(Password? Password = null, VerificationCode? Code = null, PasskeyAnswer? Passkey = null);

internal sealed class IdentityProofReader : IJsonReader<IdentityProofReader, ReauthenticateRequest, IdentityProof>
{
    public static ApiError NoProof => ApiError.BadRequest("One proof is needed: password, verificationCode, or challengeId with credential");

    public static ReadResult<IdentityProof> Read(ReauthenticateRequest body)
    {
        var shown = new object?[] { body.Password, body.VerificationCode, (object?)body.ChallengeId ?? body.Credential };
        if (shown.Count(proof => proof is not null) != 1)
            return NoProof;
        if (body.VerificationCode is { } code)
            return new IdentityProof(Code: VerificationCode.Parse(code));
        if (body.Password is null)
        {
            return PasskeyAnswers.Check(body.ChallengeId, body.Credential, AuthErrors.IncorrectPasskey)
                .Then<IdentityProof>(answer => new IdentityProof(Passkey: answer));
        }

        return Password.TryParse(body.Password, out var password) ? new IdentityProof(password) : AuthErrors.IncorrectPassword;
    }
}
