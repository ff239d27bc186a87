using AuthService;
using AuthService.Api;
using AuthService.Api.Documents;
using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Configuration;
using AuthService.Hosting;
using AuthService.Hosting.CommandLine;
using AuthService.Storage;

using var signals = Commands.IsCommand(args) ? null : StopSignals.ExitUntilUp(); // an interrupted command has failed and must not exit with 0
try
{
    var app = WebApplication.CreateBuilder(args).AddAuthService(args).Build();
    if (signals is not null)
        app.BuildModelAhead();
    app.MapApi();
    if (Commands.IsCommand(args))
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
