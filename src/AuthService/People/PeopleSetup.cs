namespace AuthService.People;

internal static class PeopleSetup
{
    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<AdministratorPasswords>();
        services.AddScoped<PrincipalAdministration>();
        services.AddScoped<PrincipalImport>();
        return services;
    }
}
