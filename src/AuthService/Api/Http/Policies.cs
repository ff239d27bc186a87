using AuthService.Principals;
using Microsoft.AspNetCore.Authorization;

namespace AuthService.Api.Http;

/// <summary>Who may call; the words are those of the contract.</summary>
internal static class Policies
{
    /// <summary>Anyone with an access token, a narrowed one included.</summary>
    public const string AnyToken = "AnyToken";
    public const string Users = "Users";
    public const string Services = "Services";
    public const string Admins = "Admins";

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        // Only the core: the full AddAuthentication brings data protection, whose keys nothing here would use.
        services.AddWebEncoders();
        services.AddAuthenticationCore(schemes => schemes.AddScheme<BearerHandler>(BearerHandler.SchemeName, displayName: null));
        services.AddTransient<BearerHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(AnyToken, policy => policy.RequireAuthenticatedUser())
            .AddPolicy(Users, policy => RequireRole(policy, Role.User, Role.Admin))
            .AddPolicy(Services, policy => RequireRole(policy, Role.Service, Role.Admin))
            .AddPolicy(Admins, policy => RequireRole(policy, Role.Admin));
        return services;
    }

    private static void RequireRole(AuthorizationPolicyBuilder policy, params Role[] roles) =>
        policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.Identity is Caller caller && caller.Verified.MayActAs(roles));
}
