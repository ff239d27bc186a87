using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>Reads from the settings where this service listens.</summary>
internal static class ListenAddresses
{
    public const string KestrelSection = "Kestrel";
    public const string Endpoints = $"{KestrelSection}:Endpoints";

    /// <summary>Returns whether this service terminates TLS itself at one of its addresses.</summary>
    public static bool HaveHttps(IConfiguration configuration) =>
        List(configuration).Any(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Lists the addresses as Kestrel chooses them: the endpoints of its own section, otherwise <c>urls</c>, otherwise ports. Empty when Kestrel uses
    /// its default.
    /// </summary>
    public static IReadOnlyList<string> List(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        var addresses = endpoints is [] ? ItemsOf(configuration, WebHostDefaults.ServerUrlsKey) : endpoints;
        return addresses is []
            ? [.. PortsOf(WebHostDefaults.HttpPortsKey, "http"), .. PortsOf(WebHostDefaults.HttpsPortsKey, "https")]
            : addresses;

        IEnumerable<string> PortsOf(string key, string scheme) => ItemsOf(configuration, key).Select(port => $"{scheme}://*:{port}");
    }

    public static IReadOnlyList<string> ItemsOf(IConfiguration configuration, string key) =>
        (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>
/// Checks the addresses to listen at and the certificates of section <c>Kestrel</c>. Kestrel reads them when the host starts, and would log a fault
/// with a stack trace and without the name of the setting.
/// </summary>
internal sealed class ListenAddressesValidator(IConfiguration configuration) : IValidateOptions<KestrelServerOptions>
{
    public ValidateOptionsResult Validate(string? name, KestrelServerOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        var urls = WebHostDefaults.ServerUrlsKey;
        foreach (var url in ListenAddresses.ItemsOf(configuration, urls).Where(url => !IsAddress(url)))
            faults.AddError(FaultOf(urls, url));
        foreach (var endpoint in configuration.GetSection(ListenAddresses.Endpoints).GetChildren().Where(endpoint => !IsAddress(endpoint["Url"])))
            faults.AddError(FaultOf($"{endpoint.Path}:Url", endpoint["Url"]));
        foreach (var key in (string[])[WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey])
        {
            foreach (var port in ListenAddresses.ItemsOf(configuration, key).Where(port => !IsPort(port)))
                faults.AddError($"{key} must hold port numbers; one of them is \"{port}\"");
        }

        var result = faults.Build();
        return result.Failed ? result : LoadCertificates(options);
    }

    private static ValidateOptionsResult LoadCertificates(KestrelServerOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        try
        {
            options.ConfigurationLoader?.Load();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            faults.AddError($"Kestrel: {error.Message}");
        }

        return faults.Build();
    }

    private static string FaultOf(string key, string? url) =>
        $"{key} must be an address to listen at, such as http://localhost:5000; it is \"{url}\"";

    /// <summary>
    /// Returns whether this is an address to listen at. Kestrel reads a port that is not a number as part of the host name, and then listens at port
    /// 80 of every interface.
    /// </summary>
    private static bool IsAddress(string? url)
    {
        try
        {
            var address = BindingAddress.Parse(url ?? "");
            var isPlain = address.Scheme.ToUpperInvariant() is "HTTP" or "HTTPS" && address.PathBase.Length == 0;
            return isPlain && (address.IsUnixPipe || address.IsNamedPipe || (address.Port is >= 0 and <= ushort.MaxValue && IsHost(address.Host)));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsPort(string text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsHost(string host) => host.StartsWith('[') ? host.EndsWith(']') : !host.Contains(':', StringComparison.Ordinal);
}
