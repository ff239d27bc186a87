using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>A challenge, and the code that somebody answers it with.</summary>
internal sealed record ChallengeAnswer(ChallengeId Challenge, VerificationCode Code)
{
    public const string TrustField = "trustDevice";

    /// <summary>Asks for no second step at this browser for a while, where the settings allow that.</summary>
    public bool TrustsDevice { get; init; }

    public const string ChallengeField = "challengeId";
    public const string CodeField = "verificationCode";

    /// <param name="challenge">As it was sent.</param>
    /// <param name="code">As it was sent.</param>
    /// <param name="wrongCode">The refusal of a malformed challenge id: the same as of a wrong code.</param>
    /// <param name="trustsDevice">As it was sent.</param>
    public static ReadResult<ChallengeAnswer> Check(string? challenge, string? code, ApiError wrongCode, bool trustsDevice)
    {
        if (challenge is null)
            return LoginReader.Missing(ChallengeField);
        if (code is null)
            return LoginReader.Missing(CodeField);
        return ChallengeId.TryParse(challenge) is { } id
            ? new ChallengeAnswer(id, VerificationCode.Parse(code)) { TrustsDevice = trustsDevice }
            : wrongCode;
    }
}
