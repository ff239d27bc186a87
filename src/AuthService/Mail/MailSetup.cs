using AuthService.Configuration;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Mail;

internal static class MailSetup
{
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MailOptions, MailOptionsValidator>(configuration.GetSection(MailOptions.Section));
        services.AddSingleton<IValidateOptions<MailOptions>, MailTemplatesValidator>();
        services.AddSingleton<MailAvailability>();
        services.AddSingleton<MailWakeUp>();
        services.AddSingleton<MailReports>();
        services.AddSingleton<MailTemplates>();
        services.AddSingleton<MailMessages>();
        services.AddSingleton<MailTransports>();
        services.AddSingleton<MailLinks>();
        services.AddScoped<MailStore>();
        services.AddCleanUp<OutboxMail>(nameof(OutboxMail.ExpireAt), "mails");
        services.AddCleanUp<MailBudget>(nameof(MailBudget.ExpireAt), "mail budgets");
        services.AddScoped<MailOutbox>();
        services.AddScoped<MailSender>();
        return services;
    }
}
