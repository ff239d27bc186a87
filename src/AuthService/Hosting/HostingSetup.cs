using AuthService.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

internal static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        Globalization.RequireWhole();
        builder.AddSettingFiles();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLastGoodSettings();
        builder.Services.AddSettings<CleanUpOptions>(builder.Configuration.GetSection(CleanUpOptions.Section));
        builder.Services.AddSettings<MetricsOptions>(builder.Configuration.GetSection(MetricsOptions.Section));
        builder.Services.AddSettings<ShutdownOptions>(builder.Configuration.GetSection(ShutdownOptions.Section));
        builder.Services.AddSettings<BootstrapOptions, BootstrapOptionsValidator>(builder.Configuration.GetSection(BootstrapOptions.Section));
        // Replaces the framework's own configuration, which would bind again without checks while the service runs. Only a start checks addresses and
        // certificates.
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
            kestrel.Configure(context.Configuration.GetSection(ListenAddresses.KestrelSection), reloadOnChange: false));
        builder.Services.AddSingleton<IValidateOptions<KestrelServerOptions>, ListenAddressesValidator>().AddOptions<KestrelServerOptions>().ValidateOnStart();
        var readiness = new Readiness();
        builder.Services.AddSingleton(readiness);
        builder.Services.AddSingleton<StoreProbe>();
        // StartUp reports a failed start in one line. Without this filter the host would also log a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && readiness.IsUp);
        builder.Services.LogNoQueries();
        OneLineConsole.Replace(builder.Services);
        builder.Services.AddScoped<FirstAdministrator>();
        builder.AddTelemetry();
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddHostedService<PrimaryWorker>();
        builder.Services.AddHostedService<StorePreparation>();
        builder.Services.AddHostedService<CleanUpWorker>();
        builder.Services.AddHostedService<MailWorker>();
        builder.Services.AddHostedService<RecoveryWorker>();
        builder.Services.AddHostedService<RefusalWorker>();
        builder.Services.AddHostedService<RevocationWorker>();
        builder.Services.AddHostedService<RevocationAnswerWorker>();
        builder.Services.AddHostedService<SignalDispatchWorker>();
        builder.Services.AddHostedService<SignalSendWorker>();
        builder.Services.AddHostedService<WebhookDispatchWorker>();
        builder.Services.AddHostedService<WebhookSendWorker>();
        builder.Services.AddHostedService<ActiveSessionCount>();
        return builder;
    }
}
