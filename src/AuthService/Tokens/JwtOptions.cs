namespace AuthService.Tokens;

/// <summary>Section <c>Jwt</c>: who issues access tokens, how long they live and which keys sign them.</summary>
internal sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <summary>The <c>iss</c> of every token and the public base address of this service; https means that cookies are Secure.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>How long an access token lives; how long a revocation may stay unseen by services that only check signatures.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a one-time token may wait to be claimed.</summary>
    public TimeSpan OneTimeTokenLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a claimed <c>jti</c> is remembered. Tokens issued elsewhere may be claimed here too, so it outlives ours by far.</summary>
    public TimeSpan ClaimRetention { get; set; } = TimeSpan.FromDays(7);

    public IList<SigningKeyOptions> SigningKeys { get; } = [];
}

/// <summary>One key: its private part stands in exactly one of the three last settings but the dates.</summary>
internal sealed class SigningKeyOptions
{
    public string KeyId { get; set; } = "";

    /// <summary>ES256, ES384, RS256, PS256 or HS512.</summary>
    public string Algorithm { get; set; } = "ES256";

    public string? PrivateKeyPem { get; set; }

    /// <summary>A PEM file; a relative path starts at the content root.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>For HS512: at least 64 bytes, as base64.</summary>
    public string? Secret { get; set; }

    /// <summary>The key is published at once and signs from this moment on; from the beginning when missing.</summary>
    public DateTimeOffset? ActiveFrom { get; set; }

    /// <summary>The key signs until this moment and stays published until its last token is dead.</summary>
    public DateTimeOffset? RetireAfter { get; set; }
}
