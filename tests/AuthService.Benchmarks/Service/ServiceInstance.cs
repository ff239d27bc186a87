using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Service;

/// <summary>A Release build of the service on a port of 127.0.0.1, with settings as in production.</summary>
internal sealed class ServiceInstance : IAsyncDisposable
{
    public const string AdminId = "bench-admin";
    public const string WebLoginService = "web";
    public const string AppLoginService = "app";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private OwnedProcess? _process;

    public IPEndPoint Address { get; } = new(IPAddress.Loopback, FreePort.Take());

    public string Issuer => $"http://{Address}";

    public string AdminPassword { get; } = "Bench-" + RandomNumberGenerator.GetHexString(24);

    /// <summary>The ES256 key with which the service and the limit server sign.</summary>
    public string SigningKeyPem { get; } = NewSigningKey();

    public int ProcessId => _process!.Id;

    /// <summary>The time from the start of the process until it was ready.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <param name="store">The settings that choose the store.</param>
    /// <param name="cancellationToken">Cancels the wait for the start.</param>
    public static async Task<ServiceInstance> StartAsync(IReadOnlyDictionary<string, string> store, CancellationToken cancellationToken)
    {
        var assembly = SourceTree.ServiceAssembly();
        var instance = new ServiceInstance();
        var how = new ProcessStartInfo("dotnet", [assembly]) { WorkingDirectory = Path.GetDirectoryName(assembly) };
        foreach (var (name, value) in instance.Settings().Concat(store))
            how.Environment[name] = value;

        var started = Stopwatch.GetTimestamp();
        instance._process = OwnedProcess.Start("The service", how);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(instance.Issuer) };
            await instance._process.WaitUntilAsync(cancellation => IsReadyAsync(http, cancellation), StartTimeout, cancellationToken);
            instance.StartedIn = Stopwatch.GetElapsedTime(started);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Dictionary<string, string> Settings() => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPNETCORE_URLS"] = Issuer,
        ["Logging__LogLevel__Default"] = "Warning",
        ["Jwt__Issuer"] = Issuer,
        ["Jwt__AccessTokenLifetime"] = "02:00:00", // the tokens must not expire before a full run ends
        ["Jwt__SigningKeys__0__KeyId"] = "bench",
        ["Jwt__SigningKeys__0__Algorithm"] = "ES256",
        ["Jwt__SigningKeys__0__PrivateKeyPem"] = SigningKeyPem,
        ["Encryption__Keys__0__KeyId"] = "bench",
        ["Encryption__Keys__0__Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["AppPortal__Url"] = $"{Issuer}/portal",
        ["Origins__Trusted__0"] = Issuer,
        [$"LoginServices__{WebLoginService}__Endpoint"] = Issuer,
        [$"LoginServices__{WebLoginService}__Mode"] = "Web",
        [$"LoginServices__{AppLoginService}__Endpoint"] = Issuer,
        [$"LoginServices__{AppLoginService}__Mode"] = "Application",
        ["Bootstrap__Admin__Id"] = AdminId,
        ["Bootstrap__Admin__Password"] = AdminPassword,
        ["Bootstrap__Admin__PasswordIsTemporary"] = "false",
        ["Passwords__TemporaryWhenSetByAdministrator"] = "false",
        ["RateLimits__Enabled"] = "false",
        ["Shutdown__DrainDelay"] = "00:00:00",
    };

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string NewSigningKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
