using AuthService.Api.Account;
using AuthService.Api.Admin;
using AuthService.Api.Admin.Explanations;
using AuthService.Api.AppTokens;
using AuthService.Api.Auth;
using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Api.OAuth;
using AuthService.Api.Pages;
using AuthService.Api.Passwords;
using AuthService.Api.Revocations;
using AuthService.Api.Sessions;
using AuthService.Api.Signals;
using AuthService.Refusals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api;

/// <summary>Lists every API of the service.</summary>
internal static class ApiSurfaces
{
    public static readonly IReadOnlyList<Surface> All =
    [
        new(PublicNames.AuthPrefix, "auth", "Auth API", typeof(AuthErrorBody), AuthErrors.ToBody, MapAuth),
        new(PublicNames.AccountPath, "account", "Account API", typeof(AccountErrorBody), AccountErrors.ToBody, AccountEndpoints.Map),
        new("/api/password", "passwords", "Passwords API", typeof(AuthErrorBody), AuthErrors.ToBody, PasswordEndpoints.Map),
        new("/sessions", "sessions", "Sessions API", typeof(SessionErrorBody), SessionErrors.ToBody, SessionEndpoints.Map)
        {
            Policy = Policies.Services,
            Description = "The generated SDKs send no credential by themselves. Give them one static header, `Authorization: Bearer sk_…`, with an API key "
                + "of a service (`POST /admin/principals/{id}/api-keys`). An access token of a service or an administrator is taken as well.",
        },
        new("/api/v1", "app-tokens", "App tokens API", typeof(AppTokenErrorBody), AppTokenErrors.ToBody, AppTokenEndpoints.Map)
        {
            InvalidInputType = typeof(ValidationErrorBody),
            LimitsCallers = true,
        },
        new("/admin", "admin", "Administration API", typeof(ProblemBody), AdminErrors.ToBody, AdminEndpoints.Map)
        {
            Policy = Policies.Admins,
            ErrorContentType = "application/problem+json",
        },
        new(RevocationEndpoints.Prefix, "revocations", "Revocations API", typeof(ProblemBody), AdminErrors.ToBody, RevocationEndpoints.Map)
        {
            Policy = Policies.Services,
            ErrorContentType = "application/problem+json",
        },
        new(OAuthEndpoints.Prefix, "oauth", "OAuth", typeof(OAuthErrorBody), OAuthErrors.ToBody, OAuthEndpoints.Map),
        new(PublicNames.WellKnownPrefix, "well-known", "Keys and metadata", typeof(OAuthErrorBody), OAuthErrors.ToBody, MapWellKnown),
        new(SignalEndpoints.Prefix, "signals", "Shared signals", typeof(SignalErrorBody), SignalErrors.ToBody, SignalEndpoints.Map)
        {
            Policy = Policies.OnlyServices,
        },
    ];

    /// <summary>The pages for people, and the paths that belong to no API. They are not in the OpenAPI documents.</summary>
    private static readonly Surface Elsewhere = new("", "pages", "Pages", typeof(ProblemBody), AdminErrors.ToBody, PageEndpoints.Map)
    {
        ErrorContentType = "application/problem+json",
    };

    /// <param name="services">The services to add to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="others">The paths with which other routes of this service begin.</param>
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration, params string[] others)
    {
        services.AddRefusals();
        services.AddSingleton<RefusalRecorder>();
        services.AddSingleton(provider => new ErrorWriter(All, Elsewhere, provider.GetRequiredService<RefusalRecorder>()));
        services.AddSingleton<IValidateOptions<PublicAddressOptions>>(new PathPrefixValidator(
            [.. All.Select(surface => surface.Prefix), .. PageEndpoints.Paths, DocumentsSwitch.Page, .. others]));
        services.AddScoped<SessionResponses>();
        services.AddSingleton<SignalResponses>();
        services.AddScoped<TokenSubjectFinder>();
        services.AddScoped<SubjectFinder>();
        services.AddScoped<Explainer>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        return services.AddApiHttp(configuration).AddPolicies();
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        foreach (var surface in All.Append(Elsewhere))
            surface.MapTo(routes);
    }

    /// <summary>Maps the routes of the Auth API. Two of them answer only with pages.</summary>
    private static void MapAuth(RouteGroupBuilder auth)
    {
        AuthEndpoints.Map(auth);
        ProviderSignInEndpoints.Map(auth);
    }

    private static void MapWellKnown(RouteGroupBuilder wellKnown)
    {
        WellKnownEndpoints.Map(wellKnown);
        SignalMetadataEndpoint.Map(wellKnown);
    }
}
