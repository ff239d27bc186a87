using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions;

namespace AuthService.Api.Sessions;

/// <summary>Reads the <c>{uuid}</c> of a route.</summary>
internal sealed class SessionIdReader : IRouteValueReader<Guid>
{
    public static ApiError NoUuid => ApiError.BadRequest("The session's id must be a UUID");

    public static string Description => "The session's id, a UUID";

    public static ReadResult<Guid> Read(string? text) => Guid.TryParseExact(text, "D", out var id) ? id : NoUuid;
}

/// <summary>Reads the flag <c>?keepAlive</c>. Without a value it is true.</summary>
internal sealed class KeepAliveReader : IInputReader<bool>
{
    private const string Name = "keepAlive";

    public static ApiError NoFlag => ApiError.BadRequest($"{Name} must be true or false");

    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new ReadsParameter(Name, "Counts as use; without a value it is true") { IsFlag = true });

    public static ValueTask<ReadResult<bool>> ReadAsync(HttpContext context) => ValueTask.FromResult(QueryFlag.Read(context.Request.Query, Name, NoFlag));
}

/// <summary>
/// Reads whether the oldest sessions lose the product when its limit is reached. The body is optional; one that is not a JSON object is ignored.
/// </summary>
internal sealed class DisableOldestReader : IInputReader<bool>
{
    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new MayReadBody(typeof(EnableProductRequest)));

    public static async ValueTask<ReadResult<bool>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadOptionalAsync<EnableProductRequest>(context)).Then<bool>(body => body?.DisableOldestSessions ?? false);
}

/// <summary>Reads the session that an internal service opens.</summary>
internal sealed class OpenSessionReader : IJsonReader<OpenSessionReader, OpenSessionRequest, SessionOpening>
{
    private const int LongestText = 250;

    public static ApiError NoUser => ApiError.BadRequest("userUuid is missing");

    public static ReadResult<SessionOpening> Read(OpenSessionRequest body)
    {
        if (body.UserUuid is not { } user)
            return NoUser;
        if (body.Sso is { } sso && (!IsText(sso.Provider) || !IsText(sso.Identifier)))
            return ApiError.BadRequest($"sso needs a provider and an identifier of 1 to {LongestText} characters");
        return new SessionOpening(user)
        {
            Enable = body.Enable ?? true,
            SsoProvider = body.Sso?.Provider,
            SsoIdentifier = body.Sso?.Identifier,
            PublicComputer = body.PublicComputer ?? false,
            MobileDevice = body.MobileDevice ?? false,
            CookieDomain = body.CookieDomain,
        };
    }

    private static bool IsText(string? text) => text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl);
}

/// <summary>The person that a session is to impersonate, and the reason.</summary>
internal sealed record Impersonation(Guid User, string? Reason);

internal sealed class ImpersonationReader : IJsonReader<ImpersonationReader, ImpersonateRequest, Impersonation>
{
    private const int LongestReason = 1_000;

    public static ApiError Bad => ApiError.BadRequest($"userUuid must be a UUID; reason may have at most {LongestReason} characters");

    public static ReadResult<Impersonation> Read(ImpersonateRequest body) =>
        body is { UserUuid: { } user, Reason: null or { Length: <= LongestReason } } ? new Impersonation(user, body.Reason) : Bad;
}
