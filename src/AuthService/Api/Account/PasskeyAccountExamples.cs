using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>The examples of passkeys in the OpenAPI document of the Account API.</summary>
internal static class PasskeyAccountExamples
{
    private const string Name = "Work laptop";

    private static readonly PasskeyItem Synced = new(
        new("0199b2e9-1d04-7a63-b1c8-6e0f72d5a941"), Name, Moment.ToUnixTimeMilliseconds(), Moment.AddHours(2).ToUnixTimeMilliseconds(), Synced: true);

    public static readonly OperationExamples List = new() { Answers = { ["A synced one"] = new[] { Synced } } };

    public static readonly OperationExamples Options = new()
    {
        Answers = { ["Those that the person has are excluded"] = new PasskeyPromptResponse(PasskeyExamples.Challenge, PasskeyExamples.CreationOptions) },
        Refusals = [ForbiddenError.NoOwnSession],
    };

    public static readonly OperationExamples Add = new()
    {
        Requests = { ["What the browser made"] = new NewPasskeyRequest(PasskeyExamples.Challenge, PasskeyExamples.Attestation, Name) },
        Answers = { ["Kept"] = Synced with { LastUsedAt = null } },
        Refusals =
        [
            ApiError.Missing("credential"), PasskeyNameReader.Bad, AccountErrors.IncorrectPasskey, ForbiddenError.NoOwnSession,
            AccountErrors.TooManyPasskeys,
        ],
    };

    public static readonly OperationExamples Rename = new()
    {
        Requests = { ["Another name"] = new PasskeyPatch(Name) },
        Refusals = [PasskeyNameReader.Bad, AccountErrors.UnknownPasskey],
    };

    public static readonly OperationExamples Remove = new() { Refusals = [AccountErrors.UnknownPasskey, AccountErrors.LastWay] };
}
