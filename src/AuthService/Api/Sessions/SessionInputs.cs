using System.Reflection;
using AuthService.Api.Http;
using AuthService.Sessions;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Sessions;

/// <summary>The <c>{uuid}</c> of a route.</summary>
internal sealed class SessionId : IBoundInput, IEndpointParameterMetadataProvider
{
    public static ApiError NoUuid => ApiError.BadRequest("The session's id must be a UUID");

    private SessionId(Guid value, ApiError? fault) => (Value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    public Guid Value { get; }

    /// <summary>Always succeeds, so that the fault is answered in the surface's own words.</summary>
    public static bool TryParse(string? text, out SessionId id)
    {
        id = Guid.TryParseExact(text, "D", out var value)
            ? new SessionId(value, fault: null)
            : new SessionId(default, NoUuid);
        return true;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ExplainsParameter(parameter.Name!, "The session's id, a UUID"));
}

/// <summary>The flag <c>?keepAlive</c>: given without a value it is true.</summary>
internal sealed class KeepAlive : IBoundInput, IBindableFromHttpContext<KeepAlive>, IEndpointParameterMetadataProvider
{
    public static ApiError NoFlag => ApiError.BadRequest("keepAlive must be true or false");

    private KeepAlive(bool value, ApiError? fault) => (Value, Fault) = (value, fault);

    public ApiError? Fault { get; }

    public bool Value { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ReadsParameter("keepAlive", "Counts as use; without a value it is true") { IsFlag = true });

    public static ValueTask<KeepAlive?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<KeepAlive?>(
        (context.Request.Query.ContainsKey("keepAlive"), context.Request.Query["keepAlive"].ToString().ToUpperInvariant()) switch
        {
            (false, _) or (_, "FALSE") => new KeepAlive(false, fault: null),
            (_, "" or "TRUE") => new KeepAlive(true, fault: null),
            _ => new KeepAlive(false, NoFlag),
        });
}

/// <summary>Whether the oldest sessions give way. The body is optional, and what is no JSON object is passed over.</summary>
internal sealed class EnableProductInput : IBoundInput, IBindableFromHttpContext<EnableProductInput>, IEndpointParameterMetadataProvider
{
    private EnableProductInput(bool disableOldestSessions, ApiError? fault) => (DisableOldestSessions, Fault) = (disableOldestSessions, fault);

    public ApiError? Fault { get; }

    public bool DisableOldestSessions { get; }

    public static async ValueTask<EnableProductInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (body, fault) = await JsonBody.ReadOptionalAsync<EnableProductRequest>(context);
        return new EnableProductInput(body?.DisableOldestSessions ?? false, fault);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new MayReadBody(typeof(EnableProductRequest)));
}

/// <summary>What an internal service asks for when it opens a session.</summary>
internal sealed class OpenSessionInput : IBoundInput, IBindableFromHttpContext<OpenSessionInput>, IEndpointParameterMetadataProvider
{
    private const int LongestText = 250;

    private readonly SessionOpening? _opening;

    public static ApiError NoUser => ApiError.BadRequest("userUuid is missing");

    private OpenSessionInput(SessionOpening? opening, ApiError? fault) => (_opening, Fault) = (opening, fault);

    public ApiError? Fault { get; }

    public SessionOpening Opening => _opening ?? throw new InvalidOperationException("The request could not be read");

    public static async ValueTask<OpenSessionInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (body, fault) = await JsonBody.ReadAsync<OpenSessionRequest>(context);
        return body is null ? new OpenSessionInput(null, fault) : Check(body);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(OpenSessionRequest)));

    private static OpenSessionInput Check(OpenSessionRequest body)
    {
        if (body.UserUuid is not { } user)
            return new OpenSessionInput(null, NoUser);
        if (body.Sso is { } sso && (!IsText(sso.Provider) || !IsText(sso.Identifier)))
            return new OpenSessionInput(null, ApiError.BadRequest($"sso needs a provider and an identifier of 1 to {LongestText} characters"));
        return new OpenSessionInput(
            new SessionOpening(user)
            {
                Enable = body.Enable ?? true,
                SsoProvider = body.Sso?.Provider,
                SsoIdentifier = body.Sso?.Identifier,
                PublicComputer = body.PublicComputer ?? false,
                MobileDevice = body.MobileDevice ?? false,
                CookieDomain = body.CookieDomain,
            },
            fault: null);
    }

    private static bool IsText(string? text) => text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl);
}
