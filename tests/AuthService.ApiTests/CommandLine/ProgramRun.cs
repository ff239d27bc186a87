using AuthService.Api;
using AuthService.ApiTests.Hosting;
using AuthService.Configuration;
using AuthService.Hosting;
using AuthService.Hosting.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>
/// Runs the program inside the process of the tests, as Program.cs does, with a console of its own and with settings in place of environment variables. A
/// process takes more than a second of processor time before it begins to work.
/// </summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="folder">The content root.</param>
    /// <param name="settings">The settings, by the names that environment variables of a process would have.</param>
    /// <param name="arguments">The command. Without arguments the start ends after the check of the settings.</param>
    /// <param name="input">The standard input.</param>
    public static async Task<CommandResult> RunAsync(ServiceFolder folder, Settings settings, string[] arguments, string input)
    {
        Assert.DoesNotContain(settings.Keys, IsForTheRuntime);
        using var console = new RunConsole(input);
        var running = Task.Run(() => console.UseAsync(() => RunAsync(() => CreateBuilder(folder, settings, arguments), arguments)));
        var exitCode = await running.WaitAsync(Patience);
        return new CommandResult(exitCode, console.Output, console.Errors);
    }

    private static async Task<int> RunAsync(Func<WebApplicationBuilder> create, string[] arguments)
    {
        try
        {
            await using var app = create().AddAuthService(arguments).Build();
            app.MapApi();
            if (Commands.IsCommand(arguments))
                return await app.RunCommandAsync(arguments);
            app.RequireSettings();
            return 0;
        }
        catch (Exception error) when (SettingFaults.Of(error) is { Count: > 0 } faults)
        {
            return StartUp.Refuse(faults);
        }
    }

    /// <summary>Creates the builder that a process would create. The settings have the precedence of the environment variables that they replace.</summary>
    private static WebApplicationBuilder CreateBuilder(ServiceFolder folder, Settings settings, string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ApplicationName = typeof(Program).Assembly.GetName().Name,
            ContentRootPath = folder.Path,
            EnvironmentName = settings.GetValueOrDefault("environment") ?? Environments.Production,
        });
        var (sources, variables) = (builder.Configuration.Sources, ServiceFolder.VariablesOf(settings));
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is EnvironmentVariablesConfigurationSource environment)
                sources[i] = InPlaceOf(environment, variables);
        }

        return builder;
    }

    private static MemoryConfigurationSource InPlaceOf(EnvironmentVariablesConfigurationSource environment, Dictionary<string, string?> variables)
    {
        var prefix = environment.Prefix ?? "";
        return new()
        {
            InitialData = variables.Where(variable => variable.Value is not null && variable.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                .Select(variable => KeyValuePair.Create(variable.Key[prefix.Length..].Replace("__", ":", StringComparison.Ordinal), variable.Value)),
        };
    }

    /// <summary>Returns whether .NET itself reads the variable. Such a setting needs a process.</summary>
    private static bool IsForTheRuntime(string name) =>
        name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("SSL_CERT_", StringComparison.OrdinalIgnoreCase);
}
