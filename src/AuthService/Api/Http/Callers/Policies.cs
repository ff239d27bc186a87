using AuthService.Principals;
using Microsoft.AspNetCore.Authorization;

namespace AuthService.Api.Http.Callers;

/// <summary>Metadata of an operation that a person may call who still has to set up a required second factor.</summary>
internal sealed record OpenWithoutSecondFactor
{
    public static readonly OpenWithoutSecondFactor Metadata = new();
}

/// <summary>Defines the authorization policies. Their names are those of the contract.</summary>
internal static class Policies
{
    /// <summary>Every caller with an access token, including a narrowed one.</summary>
    public const string AnyToken = "AnyToken";
    public const string Users = "Users";
    public const string Services = "Services";
    public const string Admins = "Admins";

    /// <summary>Services, but not administrators. It is for things that run unattended and have to stop when the service is disabled or deleted.</summary>
    public const string OnlyServices = "OnlyServices";

    /// <summary>The consumers of an application, with an app token.</summary>
    public const string AppTokens = "AppTokens";

    /// <summary>Services, and the consumers of an application, who can see only that application.</summary>
    public const string ServicesAndAppTokens = "ServicesAndAppTokens";

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        // Only the core is added: the full AddAuthentication also adds data protection and its keys, which are not used here.
        services.AddWebEncoders();
        services.AddAuthenticationCore(schemes => schemes.AddScheme<BearerHandler>(BearerHandler.SchemeName, displayName: null));
        services.AddTransient<BearerHandler>();
        services.AddScoped<BearerCredentials>();
        services.AddScoped<FreshSignIn>();
        services.AddAuthorizationBuilder()
            .AddPolicy(AnyToken, policy => policy.RequireAssertion(context =>
                context.User.Identity is Caller { HasAccessToken: true } caller && !IsStopped(context, caller)))
            .AddPolicy(Users, policy => RequireRole(policy, Role.User, Role.Admin))
            .AddPolicy(Services, policy => RequireRole(policy, Role.Service, Role.Admin))
            .AddPolicy(OnlyServices, policy => policy.RequireAssertion(context => context.User.Identity is Caller { Principal.Type: PrincipalType.Service }
                && IsInRole(context, Role.Service, Role.Admin)))
            .AddPolicy(Admins, policy => RequireRole(policy, Role.Admin))
            .AddPolicy(AppTokens, policy => policy.RequireAssertion(context => context.User.Identity is AppTokenCaller))
            .AddPolicy(ServicesAndAppTokens, policy =>
                policy.RequireAssertion(context => IsInRole(context, Role.Service, Role.Admin) || context.User.Identity is AppTokenCaller));
        return services;
    }

    private static void RequireRole(AuthorizationPolicyBuilder policy, params Role[] roles) =>
        policy.RequireAssertion(context => IsInRole(context, roles));

    private static bool IsInRole(AuthorizationHandlerContext context, params Role[] roles) =>
        context.User.Identity is Caller caller && caller.MayActAs(roles) && !IsStopped(context, caller);

    private static bool IsStopped(AuthorizationHandlerContext context, Caller caller) => caller.OwesSecondFactor
        && (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<OpenWithoutSecondFactor>() is null;
}
