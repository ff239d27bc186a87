using AuthService.Api;
using AuthService.Api.Documents;
using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Applications;
using AuthService.Audit;
using AuthService.Configuration;
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

using var signals = Commands.AreAskedFor(args) ? null : StopSignals.ExitUntilUp(); // an interrupted command has failed and must not exit with 0
try
{
    var builder = WebApplication.CreateBuilder(args).AddHosting().AddCommands(args);
    builder.Services
        .AddStorage(builder.Configuration, builder.Environment)
        .AddTokens(builder.Configuration).AddAudit(builder.Configuration)
        .AddPrincipals(builder.Configuration).AddMail(builder.Configuration).AddSessions(builder.Configuration)
        .AddSignIn(builder.Configuration)
        .AddPeople().AddDelegation(builder.Configuration).AddApplications(builder.Configuration)
        .AddIdempotency().AddSignals().AddWebhooks(builder.Configuration)
        .AddApi(builder.Configuration, HealthEndpoints.Prefix)
        .AddApiDocuments(builder.Configuration);

    var app = builder.Build();
    if (signals is not null)
        app.BuildModelAhead();
    app.MapApi();
    if (Commands.AreAskedFor(args))
        return await app.RunCommandAsync(args);

    signals?.LeaveToHost(app);
    app.RequireSettings();
    app.UseReverseProxy();
    app.UsePathPrefix();
    app.UseSecurityHeaders();
    app.UseErrorResponses();
    app.UseReadiness();
    app.UseApiDocuments();
    app.UseHeadRequests();
    app.UseRouting();
    app.UseBodyLimit();
    app.UseBodyEncoding();
    app.UseCrossOrigin();
    app.UseAddressLimits();
    app.UseAuthentication();
    app.UseRateLimits();
    app.UseAuthorization();
    app.MapHealth().LimitProbes();
    return await app.RunServiceAsync();
}
catch (Exception error) when (SettingFaults.Of(error) is { Count: > 0 } faults)
{
    return StartUp.Refuse(faults);
}
