using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

internal static class StartUp
{
    /// <summary>Runs until stopped. Faulty settings end the start with one line each on standard error, a taken address with one.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        try
        {
            // Before the host runs: it would log the fault with a stack trace.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await app.RunAsync();
            return 0;
        }
        catch (Exception error) when (FindFaults(error) is { Count: > 0 } faults)
        {
            await Console.Error.WriteLineAsync("The settings do not let the service start:");
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync($"  - {fault}");
            return 1;
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"The service does not start: {error.Message} Another address: --urls http://localhost:PORT");
            return 1;
        }
    }

    /// <summary>Everything that the settings lack or that is wrong with them.</summary>
    public static IReadOnlyList<string> FindFaults(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception error) when (FindFaults(error) is { Count: > 0 } faults)
        {
            return faults;
        }
    }

    private static List<string> FindFaults(Exception error) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(FindFaults)],
        _ => [],
    };
}
