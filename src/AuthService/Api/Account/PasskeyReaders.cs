using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals;
using AuthService.SignIn.Passkeys;

namespace AuthService.Api.Account;

/// <summary>The credential that a browser created, and the name that its owner gave it.</summary>
internal sealed record NewPasskey(PasskeyAnswer Answer, string Name);

internal sealed class NewPasskeyReader : IInputReader<NewPasskey>
{
    public static void Document(EndpointBuilder endpoint) => JsonBody.Document<NewPasskeyRequest>(endpoint);

    public static async ValueTask<ReadResult<NewPasskey>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadAsync<NewPasskeyRequest>(context)).Then(body => Check(body, context));

    private static ReadResult<NewPasskey> Check(NewPasskeyRequest body, HttpContext context) =>
        PasskeyNameReader.Check(body.Name ?? DeviceReading.Read(context.Request.Headers.UserAgent).Name).Then(name =>
            PasskeyAnswers.Check(body.ChallengeId, body.Credential, AccountErrors.IncorrectPasskey).Then<NewPasskey>(answer => new NewPasskey(answer, name)));
}

internal sealed class PasskeyNameReader : IJsonReader<PasskeyNameReader, PasskeyPatch, string>
{
    private const int MaximumLength = 64;

    public static ApiError Bad => ApiError.BadRequest($"name must have 1 to {MaximumLength} characters, all of them Unicode and none a control character");

    public static ReadResult<string> Read(PasskeyPatch body) => Check(body.Name);

    public static ReadResult<string> Check(string? name) =>
        UnicodeText.TrimInvisible(name ?? "") is { Length: > 0 and <= MaximumLength } trimmed && UnicodeText.IsLine(trimmed) ? trimmed : Bad;
}
