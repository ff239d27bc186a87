using AuthService.Configuration;

namespace AuthService.Tokens;

/// <summary>Section <c>Jwt</c>: who issues access tokens, how long they live and which keys sign them.</summary>
internal sealed class JwtOptions : IWarnsOfWeakness
{
    public const string Section = "Jwt";

    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    /// <summary>
    /// The <c>iss</c> of every token: any text without a colon, or a URI (StringOrURI of RFC 7519). Where it is an http(s)
    /// address, it is <see cref="PublicAddressOptions.PublicAddress"/> as well, unless that is set.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>How long an access token lives; how long a revocation may stay unseen by services that only check signatures.</summary>
    [Duration("366.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a one-time token may wait to be claimed.</summary>
    [Duration("01:00:00")]
    public TimeSpan OneTimeTokenLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a claimed <c>jti</c> is remembered. Tokens issued elsewhere may be claimed here too, so it outlives ours by far.</summary>
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

/// <summary>One key: its private part stands in exactly one of the three last settings but the dates.</summary>
internal sealed class SigningKeyOptions
{
    private SigningKey? _key;

    public string KeyId { get; set; } = "";

    /// <summary>ES256, ES384, RS256, PS256 or HS512.</summary>
    public string Algorithm { get; set; } = "ES256";

    [Secret]
    public string? PrivateKeyPem { get; set; }

    /// <summary>A PEM file; a relative path starts at the content root.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>For HS512: at least 64 bytes, as base64.</summary>
    [Secret]
    public string? Secret { get; set; }

    /// <summary>The key is published at once and signs from this moment on; from the beginning when missing.</summary>
    public DateTimeOffset? ActiveFrom { get; set; }

    /// <summary>The key signs until this moment and stays published until its last token has expired.</summary>
    public DateTimeOffset? RetireAfter { get; set; }

    /// <summary>Read once: what was checked is what signs, whatever becomes of its file.</summary>
    /// <exception cref="ArgumentException">As in <see cref="SigningKey.Read"/>.</exception>
    public SigningKey ToKey(string contentRoot) => _key ??= SigningKey.Read(this, contentRoot);
}
