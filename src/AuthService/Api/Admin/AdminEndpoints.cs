using AuthService.Api.Admin.Explanations;

namespace AuthService.Api.Admin;

/// <summary>Maps the groups of routes that make up the administration API (src/AuthService/README.md#administration-api).</summary>
internal static class AdminEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        PrincipalEndpoints.Map(admin);
        PrincipalSessionEndpoints.Map(admin);
        LineageEndpoints.Map(admin);
        ConfigurationEndpoints.Map(admin);
        AuditEndpoints.Map(admin);
        RefusalEndpoints.Map(admin);
        ExplainEndpoints.Map(admin);
        ApiKeyEndpoints.Map(admin);
        PrincipalFactorEndpoints.Map(admin);
        PrincipalIdentityEndpoints.Map(admin);
        WebhookEndpoints.Map(admin);
        WebhookDeliveryEndpoints.Map(admin);
    }
}
