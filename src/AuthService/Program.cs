using AuthService.Api;
using AuthService.Api.Documents;
using AuthService.Api.Http;
using AuthService.Applications;
using AuthService.Audit;
using AuthService.Delegation;
using AuthService.Hosting;
using AuthService.Hosting.CommandLine;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.Storage;
using AuthService.Tokens;

var builder = WebApplication.CreateBuilder(args).AddHosting().AddCommands(args);
builder.Services
    .AddStorage(builder.Configuration, builder.Environment)
    .AddTokens(builder.Configuration)
    .AddAudit(builder.Configuration)
    .AddPrincipals(builder.Configuration)
    .AddSessions(builder.Configuration)
    .AddSignIn(builder.Configuration)
    .AddDelegation(builder.Configuration)
    .AddApplications(builder.Configuration)
    .AddApi(builder.Configuration)
    .AddApiDocuments();

var app = builder.Build();
if (Commands.AreAskedFor(args))
    return await app.RunCommandAsync(args);

app.UseReverseProxy();
app.UseSecurityHeaders();
app.UseErrorResponses();
app.UseReadinessGate();
app.UseApiDocuments();
app.UseRouting();
app.UseBodyLimit();
app.UseCors();
app.UseAuthentication();
app.UseRateLimits();
app.UseAuthorization();
app.MapApi();
app.MapHealth();
return await app.RunServiceAsync();
