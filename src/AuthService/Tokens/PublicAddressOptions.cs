using AuthService.Configuration;

namespace AuthService.Tokens;

/// <summary>Setting <c>PublicAddress</c>: the address of this service as seen from outside.</summary>
internal sealed class PublicAddressOptions : IWarnsOfWeakness
{
    public const string Setting = nameof(PublicAddress);

    /// <summary>Cached because every request needs it. A change of settings creates new options.</summary>
    private string? _pathPrefix;

    /// <summary>
    /// An http(s) address. When it is missing and <c>Jwt:Issuer</c> is such an address, that is used. It decides whether cookies are Secure (https), where
    /// links and metadata point, which origin is this service's own, and what <c>doctor</c> examines. It is read without a slash at its end.
    /// </summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>The issuer, which is read here as well so that both settings change in one step.</summary>
    public IssuerSetting Jwt { get; } = new();

    /// <summary>The path of the address, unescaped and without a slash at its end; empty when it has none.</summary>
    public string PathPrefix =>
        _pathPrefix ??= PublicAddress.Length == 0 ? "" : Uri.UnescapeDataString(new Uri(PublicAddress).AbsolutePath).TrimEnd('/');

    public bool IsHttps => PublicAddress.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    public IEnumerable<string> FindWeaknesses() => IsHttps || PublicAddress.Length == 0
        ? []
        : [$"{Setting} is {PublicAddress} and not https: passwords, cookies and tokens go over the network in the clear"];

    internal sealed class IssuerSetting
    {
        public string Issuer { get; set; } = "";
    }
}
