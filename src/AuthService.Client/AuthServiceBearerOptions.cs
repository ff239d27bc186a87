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
    /// AuthService's setting <c>Jwt:Issuer</c>, exactly as in the claim <c>iss</c>. Required. Where it is no address,
    /// <see cref="KeysAddress"/> is required as well.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>
    /// Where the public keys are fetched; <c>{Issuer}/.well-known/jwks.json</c> unless it is set, for example to an address
    /// inside a cluster.
    /// </summary>
    public Uri? KeysAddress { get; set; }

    /// <summary>Refuses to fetch keys over plain HTTP, except from this machine. True unless it is set.</summary>
    public bool RequireHttps { get; set; } = true;

    /// <summary>
    /// The signature algorithms that are accepted, of ES256, ES384, RS256 and PS256. Empty, the default, means all four. Each key is accepted with
    /// its own algorithm only. Tokens signed with HS512 cannot be checked offline.
    /// </summary>
    public IReadOnlyCollection<string> Algorithms { get; set; } = [];

    /// <summary>How far the clocks may differ: 0 to 30 seconds, 30 unless it is set.</summary>
    public TimeSpan ClockSkew { get; set; } = LongestClockSkew;

    /// <summary>
    /// After how long the keys are fetched anew: 5 minutes unless it is set, more than zero. When that fails the old ones are used for a day.
    /// </summary>
    public TimeSpan KeysLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long after one fetch of the keys a token with an unknown key makes for another one at the earliest: 10 seconds unless it is set,
    /// at least one. Tokens of other issuers never do.
    /// </summary>
    public TimeSpan UnknownKeyInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses revoked tokens before they expire, by AuthService's revocation feed; needs <see cref="AuthServiceSetup.AddAuthServiceClient"/>. Null unless it
    /// is set: then a token is taken until it expires, whatever happened meanwhile.
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
