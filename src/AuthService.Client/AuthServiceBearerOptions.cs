using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client;

/// <summary>How access tokens are checked.</summary>
public sealed class AuthServiceBearerOptions
{
    /// <summary>The longest <see cref="ClockSkew"/> that is allowed.</summary>
    public static readonly TimeSpan LongestClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// AuthService's setting <c>Jwt:Issuer</c>, exactly as in the claim <c>iss</c>. It is required. If it is not an address, <see cref="KeysAddress"/> is
    /// required too.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>
    /// The address of the public keys, for example inside a cluster. The default, null, means <c>{Issuer}/.well-known/jwks.json</c>.
    /// </summary>
    public Uri? KeysAddress { get; set; }

    /// <summary>Whether keys must be fetched over HTTPS, except from this machine. The default is true.</summary>
    public bool RequireHttps { get; set; } = true;

    /// <summary>
    /// The signature algorithms that are accepted, of ES256, ES384, RS256 and PS256. Empty, the default, means all four. Each key is accepted with
    /// its own algorithm only. Tokens signed with HS512 cannot be checked offline.
    /// </summary>
    public IReadOnlyCollection<string> Algorithms { get; set; } = [];

    /// <summary>How far the clocks may differ: 0 to 30 seconds. The default is 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = LongestClockSkew;

    /// <summary>
    /// After how long the keys are fetched again: more than zero. The default is 5 minutes. When that fails the old keys are used for a day.
    /// </summary>
    public TimeSpan KeysLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The shortest time between a fetch of the keys and another one for a token with an unknown key: at least a second. The default is 10 seconds.
    /// Tokens of other issuers cause no fetch.
    /// </summary>
    public TimeSpan UnknownKeyInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Settings for refusing revoked tokens before they expire, by AuthService's revocation feed. They need
    /// <see cref="AuthServiceSetup.AddAuthServiceClient"/>. With null, the default, a token is accepted until it expires.
    /// </summary>
    public AuthServiceRevocationOptions? Revocation { get; set; }

    internal static IReadOnlyCollection<string> AsymmetricAlgorithms { get; } =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256];

    /// <summary><see cref="Algorithms"/>, or all where none are chosen: a configuration adds its own to a default that is not empty.</summary>
    internal IReadOnlyCollection<string> AcceptedAlgorithms => Algorithms is { Count: > 0 } chosen ? chosen : AsymmetricAlgorithms;

    internal Uri KeysAt => KeysAddress ?? new Uri($"{Issuer.TrimEnd('/')}/.well-known/jwks.json");
}

internal sealed class BearerOptionsValidator(IServiceProviderIsService services) : IValidateOptions<AuthServiceBearerOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthServiceBearerOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        if (string.IsNullOrEmpty(options.Issuer))
            faults.AddError($"{nameof(options.Issuer)} is missing");
        else if (options.KeysAddress is null && !Uri.TryCreate(options.Issuer, UriKind.Absolute, out _))
            faults.AddError($"\"{options.Issuer}\" is no absolute address, and KeysAddress does not say where the keys are", nameof(options.Issuer));
        else
            WebAddress.Check(options.KeysAt, options.RequireHttps, nameof(options.KeysAddress), faults);
        if (options.AcceptedAlgorithms.Except(AuthServiceBearerOptions.AsymmetricAlgorithms, StringComparer.Ordinal).Any())
            faults.AddError($"\"{string.Join(", ", options.Algorithms)}\" is not made of ES256, ES384, RS256 and PS256", nameof(options.Algorithms));
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > AuthServiceBearerOptions.LongestClockSkew)
            faults.AddError($"{options.ClockSkew} is not between 0 and 30 seconds", nameof(options.ClockSkew));
        if (options.KeysLifetime <= TimeSpan.Zero)
            faults.AddError($"{options.KeysLifetime} is not more than zero", nameof(options.KeysLifetime));
        if (options.UnknownKeyInterval < TimeSpan.FromSeconds(1))
            faults.AddError($"{options.UnknownKeyInterval} is less than a second", nameof(options.UnknownKeyInterval));
        if (options.Revocation is { } revocation)
            CheckRevocation(revocation, faults);
        return faults.Build();
    }

    private void CheckRevocation(AuthServiceRevocationOptions revocation, ValidateOptionsResultBuilder faults)
    {
        revocation.Check(nameof(AuthServiceBearerOptions.Revocation), faults);
        if (!services.IsService(typeof(AuthServiceClient)))
            faults.AddError("needs AddAuthServiceClient: the feed is read as this service", nameof(AuthServiceBearerOptions.Revocation));
    }
}
