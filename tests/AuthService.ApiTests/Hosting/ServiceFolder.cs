using System.Diagnostics;
using System.Security.Cryptography;

namespace AuthService.ApiTests.Hosting;

/// <summary>A fresh content root that contains only the settings files that are shipped. It is deleted when it is disposed.</summary>
public sealed class ServiceFolder : IDisposable
{
    /// <summary>The program that tests/run.sh published, or otherwise the one that was built.</summary>
    private static readonly string Executable =
        Environment.GetEnvironmentVariable("AUTHSERVICE_TESTS_SERVICE") is { Length: > 0 } published ? published : typeof(Program).Assembly.Location;

    private readonly string _executable;

    /// <param name="executable">Another build than the one that is tested.</param>
    public ServiceFolder(string? executable = null)
    {
        _executable = executable ?? Executable;
        foreach (var settings in Directory.GetFiles(System.IO.Path.GetDirectoryName(_executable)!, "appsettings*.json"))
            File.Copy(settings, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(settings)));
    }

    /// <summary>The folder of the program.</summary>
    internal static string ProgramFolder { get; } = System.IO.Path.GetDirectoryName(Executable)!;

    public string Path { get; } = Directory.CreateTempSubdirectory("authservice-content-").FullName;

    /// <summary>Gets all settings that the service needs outside Development, with a SQLite store in the content root.</summary>
    public static Settings ForProduction()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new()
        {
            ["environment"] = "Production",
            ["Bootstrap:Admin:Password"] = AuthHost.AdminPassword,
            ["Bootstrap:Admin:PasswordIsTemporary"] = "false",
            ["Passwords:TemporaryWhenSetByAdministrator"] = "false",
            ["Jwt:Issuer"] = "https://auth.example.com",
            ["Jwt:SigningKeys:0:KeyId"] = "test",
            ["Jwt:SigningKeys:0:PrivateKeyPem"] = key.ExportPkcs8PrivateKeyPem(),
            ["Encryption:Keys:0:KeyId"] = "test-aes",
            ["Encryption:Keys:0:Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["LoginServices:app:Endpoint"] = $"{AuthHost.Origin}/",
            ["LoginServices:app:Mode"] = "Application",
            ["Origins:Trusted:0"] = AuthHost.Origin,
            ["Passwords:BcryptCost"] = "4",
            ["Shutdown:DrainDelay"] = "00:00:00",
        };
    }

    /// <summary>Gets the settings for tests that measure memory: one heap for all cores, and a collector that keeps little garbage.</summary>
    public static Settings ForMeasuredMemory() => new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_GCgen0size"] = "800000", // hexadecimal: 8 MiB
        ["DOTNET_GCConserveMemory"] = "9",
    };

    /// <summary>Starts the service here on a free port. Its environment has these settings and none of the test run.</summary>
    public ServiceProcess Start(Settings settings) => new(StartInfo(settings));

    /// <summary>Prepares a start of the binary here with these arguments. If they start the service, it uses a free port.</summary>
    internal ProcessStartInfo StartInfo(Settings settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_executable, .. arguments]) { WorkingDirectory = Path };
        foreach (var inherited in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(inherited);
        foreach (var (name, value) in VariablesOf(settings))
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Gets the environment variables for these settings and for a free port. A null removes one.</summary>
    internal static Dictionary<string, string?> VariablesOf(Settings settings)
    {
        var variables = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        foreach (var (key, value) in settings)
            variables[key is "environment" ? "ASPNETCORE_ENVIRONMENT" : key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return variables;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static bool IsSetting(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase)
        || name.Contains("__", StringComparison.Ordinal);
}
