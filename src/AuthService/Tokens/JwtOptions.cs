using AuthService.Configuration;

namespace AuthService.Tokens;

/// <summary>Section <c>Jwt</c>: the issuer of access tokens, their lifetime, and the keys that sign them.</summary>
internal sealed class JwtOptions : IWarnsOfWeakness
{
    public const string Section = "Jwt";

    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// The <c>iss</c> of every token: any text without a colon, or a URI (StringOrURI of RFC 7519). When it is an http(s) address, it is also the default of
    /// <see cref="PublicAddressOptions.PublicAddress"/>.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>
    /// The lifetime of an access token. A revocation may stay unnoticed that long by services that only verify signatures. The bound is below the week for
    /// which revocations are kept, so that no token outlives its entry in the feed.
    /// </summary>
    [Duration("6.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a one-time token can be claimed.</summary>
    [Duration("01:00:00")]
    public TimeSpan OneTimeTokenLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a claimed <c>jti</c> is stored. Tokens from other issuers may be claimed here too, so this is much longer than the lifetime of this service's
    /// own.
    /// </summary>
    [Duration("366.00:00:00")]
    public TimeSpan ClaimRetention { get; set; } = TimeSpan.FromDays(7);

    public IList<SigningKeyOptions> SigningKeys { get; } = [];

    public IEnumerable<string> FindWeaknesses() => AccessTokenLifetime > UsualLifetime
        ? [
            $"{Section}:{nameof(AccessTokenLifetime)} is {DurationText.ToWords(AccessTokenLifetime)}: "
            + "where only signatures are checked, a revoked session passes for that long",
        ]
        : [];
}

/// <summary>A signing key. Exactly one of the settings <c>PrivateKeyPem</c>, <c>PrivateKeyFile</c> and <c>Secret</c> contains its private part.</summary>
internal sealed class SigningKeyOptions
{
    private SigningKey? _key;

    public string KeyId { get; set; } = "";

    /// <summary>ES256, ES384, RS256, PS256 or HS512.</summary>
    public string Algorithm { get; set; } = "ES256";

    [Secret]
    public string? PrivateKeyPem { get; set; }

    /// <summary>The path of a PEM file; a relative path starts at the content root.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The secret of HS512: at least 64 bytes, as base64.</summary>
    [Secret]
    public string? Secret { get; set; }

    /// <summary>The time from which the key signs; it is published at once. When missing, it signs from the beginning.</summary>
    public DateTimeOffset? ActiveFrom { get; set; }

    /// <summary>The time until which the key signs; it stays published until its last token has expired.</summary>
    public DateTimeOffset? RetireAfter { get; set; }

    /// <summary>Reads the key once: the key that was validated is the one that signs, even when its file changes.</summary>
    /// <exception cref="ArgumentException">As in <see cref="SigningKey.Read"/>.</exception>
    public SigningKey ToKey(string contentRoot) => _key ??= SigningKey.Read(this, contentRoot);
}
