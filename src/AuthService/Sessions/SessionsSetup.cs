using AuthService.Configuration;
using AuthService.Notices;
using AuthService.Revocations;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Lists;
using AuthService.Sessions.PrincipalChanges;
using AuthService.Sessions.Products;
using AuthService.Sessions.Refresh;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Sessions.StoredTokens;
using AuthService.Storage;

namespace AuthService.Sessions;

internal static class SessionsSetup
{
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SessionOptions, SessionOptionsValidator>(configuration.GetSection(SessionOptions.Section));
        services.AddSettings<TwoFactorOptions, TwoFactorOptionsValidator>(configuration.GetSection(TwoFactorOptions.Section));
        services.AddRevocations();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SessionLookUps>();
        services.AddSingleton<SessionTouchBatcher>();
        services.AddSingleton<SessionRevocationBatcher>();
        services.AddScoped<SessionReports>();
        services.AddScoped<SessionStore>();
        services.AddSingleton<SessionListBatcher>();
        services.AddScoped<SessionLists>();
        services.AddScoped<EndedSessionStore>();
        services.AddCleanUp<EndedSession>(nameof(EndedSession.ExpireAt), "ended sessions");
        services.AddScoped<UnknownRefreshTokens>();
        services.AddScoped<RefusalHistory>();
        services.AddScoped<SessionLineage>();
        services.AddScoped<SessionRevocation>();
        services.AddScoped<ExpiredSessions>();
        services.AddCleanUpBy<ExpiredSessions>("sessions", sessions => sessions.DeleteAsync);
        services.AddScoped<ProductAccessStore>();
        services.AddScoped<ProductAccessService>();
        services.AddScoped<StoredTokenStore>();
        services.AddScoped<StoredTokenService>();
        services.AddScoped<SessionService>();
        services.AddScoped<SessionOpeningService>();
        services.AddScoped<RefreshTokenVerifier>();
        services.AddScoped<RefreshService>();
        services.AddScoped<AccessTokenVerifier>();
        services.AddNotices();
        services.AddScoped<PrincipalChangeService>();
        services.AddSingleton<TokenPrincipalLookUp>();
        services.AddScoped<RevokedTokenStore>();
        services.AddCleanUp<RevokedToken>(nameof(RevokedToken.ForgetAt), "revoked tokens");
        services.AddScoped<TokenRevocation>();
        return services;
    }
}
