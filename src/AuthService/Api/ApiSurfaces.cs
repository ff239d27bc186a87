using AuthService.Api.Account;
using AuthService.Api.Admin;
using AuthService.Api.AppTokens;
using AuthService.Api.Auth;
using AuthService.Api.Http;
using AuthService.Api.OAuth;
using AuthService.Api.Pages;
using AuthService.Api.Sessions;

namespace AuthService.Api;

/// <summary>Every door of the house.</summary>
internal static class ApiSurfaces
{
    public static readonly IReadOnlyList<Surface> All =
    [
        new("/auth", "auth", "Auth API", typeof(AuthErrorBody), AuthErrors.ToBody, AuthEndpoints.Map) { Examples = AuthExamples.All },
        new("/account", "account", "Account API", typeof(AccountErrorBody), AccountErrors.ToBody, AccountEndpoints.Map)
        {
            Policy = Policies.Users,
            Examples = AccountExamples.All,
        },
        new("/sessions", "sessions", "Sessions API", typeof(SessionErrorBody), SessionErrors.ToBody, SessionEndpoints.Map)
        {
            Policy = Policies.Services,
            Examples = SessionExamples.All,
        },
        new("/api/v1", "app-tokens", "App tokens API", typeof(AppTokenErrorBody), AppTokenErrors.ToBody, AppTokenEndpoints.Map)
        {
            InvalidInputType = typeof(ValidationErrorBody),
            LimitsCallers = true,
            Examples = AppTokenExamples.All,
        },
        new("/admin", "admin", "Administration API", typeof(ProblemBody), AdminErrors.ToBody, AdminEndpoints.Map)
        {
            Policy = Policies.Admins,
            Examples = AdminExamples.All,
            ErrorContentType = "application/problem+json",
        },
        new(OAuthEndpoints.Prefix, "oauth", "Introspection and revocation", typeof(OAuthErrorBody), OAuthErrors.ToBody, OAuthEndpoints.Map)
        {
            Policy = Policies.Services,
            Examples = OAuthExamples.All,
        },
        new("/.well-known", "well-known", "Keys and metadata", typeof(OAuthErrorBody), OAuthErrors.ToBody, WellKnownEndpoints.Map)
        {
            Examples = WellKnownExamples.All,
        },
    ];

    /// <summary>The pages for people, and the paths that belong to no surface. None of it stands in the OpenAPI documents.</summary>
    private static readonly Surface Elsewhere = new("", "pages", "Pages", typeof(ProblemBody), AdminErrors.ToBody, PageEndpoints.Map)
    {
        ErrorContentType = "application/problem+json",
    };

    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new ErrorWriter(All, Elsewhere));
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        return services.AddApiHttp(configuration).AddPolicies();
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        foreach (var surface in All.Append(Elsewhere))
            surface.MapTo(routes);
    }
}
