using AuthService.Storage;

namespace AuthService.Signals;

internal static class SignalsSetup
{
    public static IServiceCollection AddSignals(this IServiceCollection services)
    {
        services.AddSingleton<ReceiverConnections>();
        services.AddSingleton<SignalArrivals>();
        services.AddSingleton<SignalStreamWakeUp>();
        services.AddSingleton<SignalReports>();
        services.AddSingleton<SignalTokens>();
        services.AddSingleton<SignalTransport>();
        services.AddSingleton<SignalPollContext>();
        services.AddScoped<SignalStreamStore>();
        services.AddCleanUpBy<SignalStreamStore>("streams", streams => streams.DeleteOrphansAsync);
        services.AddScoped<WaitingSetStore>();
        services.AddCleanUp<WaitingSet>(nameof(WaitingSet.ExpireAt), "SETs");
        services.AddScoped<StreamRequirements>();
        services.AddScoped<SignalStreamService>();
        services.AddScoped<SignalSource>();
        services.AddScoped<SignalDispatcher>();
        services.AddScoped<SignalSender>();
        services.AddScoped<SignalPolling>();
        return services;
    }
}
