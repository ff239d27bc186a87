using AuthService.Api;
using AuthService.Api.Documents;
using AuthService.Applications;
using AuthService.Audit;
using AuthService.Delegation;
using AuthService.Hosting;
using AuthService.Hosting.CommandLine;
using AuthService.Idempotency;
using AuthService.Mail;
using AuthService.People;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Signals;
using AuthService.SignIn;
using AuthService.Storage;
using AuthService.Tokens;
using AuthService.Webhooks;

namespace AuthService;

internal static class ServiceSetup
{
    /// <summary>Adds every part of the service. The tests of commands call it on a builder whose settings do not come from the environment.</summary>
    public static WebApplicationBuilder AddAuthService(this WebApplicationBuilder builder, string[] args)
    {
        builder.AddHosting().AddCommands(args);
        builder.Services
            .AddStorage(builder.Configuration, builder.Environment)
            .AddTokens(builder.Configuration).AddAudit(builder.Configuration)
            .AddPrincipals(builder.Configuration).AddMail(builder.Configuration).AddSessions(builder.Configuration)
            .AddSignIn(builder.Configuration)
            .AddPeople().AddDelegation(builder.Configuration).AddApplications(builder.Configuration)
            .AddIdempotency().AddSignals().AddWebhooks(builder.Configuration)
            .AddApi(builder.Configuration, HealthEndpoints.Prefix)
            .AddApiDocuments(builder.Configuration);
        return builder;
    }
}
