using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

internal static class StartUp
{
    private const int Refused = 1;

    /// <summary>Checks all settings before anything uses them and before the host runs, which would log a fault with a stack trace.</summary>
    public static void RequireSettings(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    /// <summary>Runs the service until it is stopped. An address that is in use or not available ends the start with one line on standard error.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var (readiness, stopping) = (app.Services.GetRequiredService<Readiness>(), app.Lifetime.ApplicationStopping);
        var addresses = ListenAddresses.List(app.Configuration);
        app.Lifetime.ApplicationStarted.Register(readiness.MarkUp);
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service was stopped before it was up.
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"The service does not start: {error.Message} Another address: --urls http://localhost:PORT");
            return Refused;
        }
        catch (SocketException error) when (!readiness.IsUp)
        {
            // The address does not belong to this machine, or this user may not use the port. Kestrel does not say which.
            await Console.Error.WriteLineAsync($"The service does not start: it cannot listen at {string.Join(", ", addresses)}: {error.Message}");
            return Refused;
        }

        return readiness.Failure is { } failure ? Refuse([failure]) : 0;
    }

    /// <summary>
    /// Reports that faults of the settings, or of the files that hold them, prevent the start. Any other failure is a defect of this service.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public static int Refuse(IReadOnlyList<string> faults)
    {
        Console.Error.WriteLine("The settings do not let the service start:");
        foreach (var fault in faults)
            Console.Error.WriteLine($"  - {fault}");
        return Refused;
    }

    /// <summary>Finds everything that is missing or wrong in the settings.</summary>
    public static IReadOnlyList<string> FindFaults(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception error) when (SettingFaults.Of(error) is { Count: > 0 } faults)
        {
            return faults;
        }
    }
}
