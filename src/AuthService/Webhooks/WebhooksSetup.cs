using System.Net;
using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.Webhooks;

internal static class WebhooksSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<WebhookOptions, WebhookOptionsValidator>(configuration.GetSection(WebhookOptions.Section));
        services.AddSingleton<NameResolver>(Dns.GetHostAddressesAsync);
        services.AddSingleton<WebhookAddresses>();
        services.AddSingleton<WebhookTransport>();
        services.AddSingleton<WebhookWakeUp>();
        services.AddSingleton<WebhookChangeWakeUp>();
        services.AddSingleton<WebhookReports>();
        services.AddSingleton<WebhookDeliveryLoops>();
        services.AddScoped<WebhookStore>();
        services.AddScoped<WebhookDeliveryStore>();
        services.AddCleanUp<WebhookDelivery>(nameof(WebhookDelivery.ForgetAt), "deliveries to webhooks");
        services.AddScoped<WebhookMessages>();
        services.AddScoped<WebhookDispatcher>();
        services.AddScoped<WebhookDisabling>();
        services.AddScoped<DeliveryResults>();
        services.AddScoped<WebhookSender>();
        services.AddScoped<WebhookBacklogCheck>();
        services.AddScoped<WebhookService>();
        return services.AddScoped<WebhookDeliveryService>();
    }
}
