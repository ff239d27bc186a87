using System.Globalization;
using AuthService.Api.Http.Errors;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using Microsoft.Extensions.Options;
using SessionOptions = AuthService.Sessions.SessionOptions;

namespace AuthService.Api.Http.Callers;

/// <summary>Metadata of an operation that requires a recent proof of identity from persons (RFC 9470).</summary>
/// <param name="OnlyWithSecondFactor">
/// Whether it concerns only persons with a second factor. This is enough for a call that contains the password, or that connects an app as the first factor.
/// </param>
internal sealed record FreshSignInRequirement(bool OnlyWithSecondFactor)
{
    public static readonly FreshSignInRequirement OfFurtherFactor = new(OnlyWithSecondFactor: true);
}

/// <summary>
/// Checks that a person has proved their identity recently, in a session of their own. With a second factor, the person must have used both factors. Services
/// have no session, and are not checked.
/// </summary>
internal sealed class FreshSignIn(IOptionsMonitor<SessionOptions> options, SecondFactorStore factors, TimeProvider clock)
{
    private const string InsufficientCode = "FRESH_SIGN_IN_REQUIRED";
    private const string SecondFactorCode = "TWO_FACTOR_REQUIRED";

    public static ApiError SecondFactorRequired => new(
        StatusCodes.Status403Forbidden, SecondFactorCode, "A second factor is demanded here: connect one, or sign in with it");

    public static ApiError TooOld(TimeSpan freshFor) => Insufficient(
        $"max_age=\"{freshFor.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}\"", "This asks for a proof of identity that is not old");

    public static ApiError SecondFactorMissing(TimeSpan freshFor) => Insufficient(
        $"acr_values=\"mfa\", max_age=\"{freshFor.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}\"", "This asks for the second factor");

    /// <returns>Null when the call is allowed.</returns>
    public async Task<ApiError?> FindRefusalAsync(Caller caller, FreshSignInRequirement requirement)
    {
        if (caller.Principal.Type is not PrincipalType.Person)
            return null;
        var hasFactor = await factors.HasAnyAsync(caller.Principal);
        if (requirement.OnlyWithSecondFactor && !hasFactor)
            return null;
        var freshFor = options.CurrentValue.FreshFor;
        if (caller.Session is not { Actor: null, Session: var session } || !(session.ProvedAt >= clock.GetUtcNow() - freshFor))
            return TooOld(freshFor) with { Note = NoteOf(RefusalReason.ProofTooOld, caller, freshFor) };
        return hasFactor && !AuthenticationMethods.AreSeveral(session.AuthenticationMethods)
            ? SecondFactorMissing(freshFor) with { Note = NoteOf(RefusalReason.SecondFactorNotUsed, caller, freshFor) }
            : null;
    }

    private static RefusalNote NoteOf(RefusalReason reason, Caller caller, TimeSpan freshFor)
    {
        List<RefusalFact> facts = [RefusalFact.Of("freshFor", freshFor)];
        if (caller.Session?.Session is { ProvedAt: { } provedAt } session)
            facts.AddRange([RefusalFact.Of("provedAt", provedAt), RefusalFact.Of("methods", session.AuthenticationMethods ?? [])]);
        return new RefusalNote(reason) { Principal = caller.Name, SessionId = caller.SessionId, Facts = facts };
    }

    private static ApiError Insufficient(string parameters, string message) => new(StatusCodes.Status401Unauthorized, InsufficientCode, message)
    {
        Challenge = $"Bearer error=\"insufficient_user_authentication\", {parameters}",
    };
}

/// <summary>Refuses a call without the recent proof of identity that its operation requires.</summary>
internal sealed class FreshSignInFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var requirement = http.GetEndpoint()!.Metadata.GetRequiredMetadata<FreshSignInRequirement>();
        return await http.RequestServices.GetRequiredService<FreshSignIn>().FindRefusalAsync((Caller)http.User.Identity!, requirement) is { } refusal
            ? new FreshSignInError(refusal)
            : await next(context);
    }
}

/// <summary>A refusal that has its status in the error. The OpenAPI documents get it from <see cref="FreshSignInRequirement"/>.</summary>
internal sealed class FreshSignInError(ApiError error) : Refusal(error);

internal static class FreshSignInRoutes
{
    public static RouteHandlerBuilder RequireFreshSignIn(this RouteHandlerBuilder route, bool onlyWithSecondFactor = false) =>
        route.AddEndpointFilter<FreshSignInFilter>().WithMetadata(new FreshSignInRequirement(onlyWithSecondFactor));
}
