using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>A challenge, and the code that answers it.</summary>
internal sealed record ChallengeAnswer(ChallengeId Challenge, VerificationCode Code)
{
    public const string TrustField = "trustDevice";

    /// <summary>Whether this browser may skip the second step for a while, if the settings allow that.</summary>
    public bool TrustsDevice { get; init; }

    public const string ChallengeField = "challengeId";
    public const string CodeField = "verificationCode";

    /// <param name="challenge">The challenge id in the request.</param>
    /// <param name="code">The code in the request.</param>
    /// <param name="wrongCode">The refusal of a malformed challenge id, which is the same as for a wrong code.</param>
    /// <param name="trustsDevice">Whether the request asks to trust this browser.</param>
    public static ReadResult<ChallengeAnswer> Check(string? challenge, string? code, ApiError wrongCode, bool trustsDevice)
    {
        if (challenge is null)
            return ApiError.Missing(ChallengeField);
        if (code is null)
            return ApiError.Missing(CodeField);
        return ChallengeId.TryParse(challenge) is { } id
            ? new ChallengeAnswer(id, VerificationCode.Parse(code)) { TrustsDevice = trustsDevice }
            : wrongCode;
    }
}
