using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

internal static class StartUp
{
    private const int Refused = 1;

    /// <summary>Before anything uses a setting, and before the host runs, which would log the fault with a stack trace.</summary>
    public static void RequireSettings(this WebApplication app) => app.Services.GetRequiredService<IStartupValidator>().Validate();

    /// <summary>Runs until stopped. An address that is taken or cannot be had ends the start with one line on standard error.</summary>
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
            // It was asked to stop before it was up.
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"The service does not start: {error.Message} Another address: --urls http://localhost:PORT");
            return Refused;
        }
        catch (SocketException error) when (!readiness.IsUp)
        {
            // An address that is none of this machine's, or a port that this user may not have. Kestrel does not say which.
            await Console.Error.WriteLineAsync($"The service does not start: it cannot listen at {string.Join(", ", addresses)}: {error.Message}");
            return Refused;
        }

        return readiness.Failure is { } failure ? Refuse([failure]) : 0;
    }

    /// <summary>For what the settings, and the files that they stand in, do to the start. Anything else is a fault of ours.</summary>
    /// <returns>The exit code of the process.</returns>
    public static int Refuse(IReadOnlyList<string> faults)
    {
        Console.Error.WriteLine("The settings do not let the service start:");
        foreach (var fault in faults)
            Console.Error.WriteLine($"  - {fault}");
        return Refused;
    }

    /// <summary>Everything that the settings lack or that is wrong with them.</summary>
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
