using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

internal static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.AddSettingFiles();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(typeof(IOptionsMonitor<>), typeof(LastGoodOptions<>));
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddScoped<FirstAdministrator>();
        builder.AddTelemetry();
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddHostedService<StorePreparation>();
        builder.Services.AddHostedService<CleanUpWorker>();
        builder.Services.AddHostedService<ActiveSessionCount>();
        return builder;
    }
}
