namespace AuthService.Api.Admin;

/// <summary>The administration API (SPEC 8), put together from its groups of routes.</summary>
internal static class AdminEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        PrincipalEndpoints.Map(admin);
        PrincipalSessionEndpoints.Map(admin);
        ConfigurationEndpoints.Map(admin);
        AuditEndpoints.Map(admin);
        ApiKeyEndpoints.Map(admin);
    }
}
