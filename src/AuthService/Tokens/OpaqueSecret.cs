using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Tokens;

/// <summary>
/// The base of every secret that this service issues: a prefix that tells its kind, and 256 random bits as base64url. Secret scanners find a leaked secret by
/// its prefix. A malformed one is refused by its form, without a query to the store.
/// </summary>
internal abstract class OpaqueSecret(string text, string prefix)
{
    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Returns the hash that is stored instead of the secret.</summary>
    public byte[] Hash() => TokenHash.Of(text);

    /// <summary>Returns the secret itself, for the single response that contains it.</summary>
    public string Reveal() => text;

    public override string ToString() => prefix + "[redacted]";

    protected static string Generate(string prefix)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return prefix + Base64Url.EncodeToString(random);
    }

    protected static bool IsWellFormed([NotNullWhen(true)] string? text, string prefix) =>
        text is not null
        && text.Length == prefix.Length + EncodedLength
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(Alphabet);
}

/// <summary>The secret of a session, and the service refresh token of a service or provider.</summary>
internal sealed class RefreshToken : OpaqueSecret
{
    private const string Prefix = "rt_";

    private RefreshToken(string text)
        : base(text, Prefix)
    {
    }

    public static RefreshToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of a refresh token.</returns>
    public static RefreshToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new RefreshToken(text) : null;
}

/// <summary>The secret that a service may send instead of an access token. It is valid until it expires, if it has an expiry, or is revoked.</summary>
internal sealed class ApiKey : OpaqueSecret
{
    private const string Prefix = "sk_";

    private ApiKey(string text)
        : base(text, Prefix)
    {
    }

    public static ApiKey New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of an API key.</returns>
    public static ApiKey? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ApiKey(text) : null;
}

/// <summary>The secret of a consumer of an application. It acts for that application only.</summary>
internal sealed class AppToken : OpaqueSecret
{
    private const string Prefix = "appsk_";

    private AppToken(string text)
        : base(text, Prefix)
    {
    }

    public static AppToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of an app token.</returns>
    public static AppToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new AppToken(text) : null;
}

/// <summary>Identifies a sign-in that needs a further factor. Its holder has already shown the first one.</summary>
internal sealed class ChallengeId : OpaqueSecret
{
    private const string Prefix = "2fa_";

    private ChallengeId(string text)
        : base(text, Prefix)
    {
    }

    public static ChallengeId New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such an id.</returns>
    public static ChallengeId? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ChallengeId(text) : null;
}

/// <summary>
/// The secret that stays in a browser while it is sent to an identity provider. The provider gets, and returns, only <see cref="ToAddressText"/>.
/// </summary>
internal sealed class ProviderState : OpaqueSecret
{
    private const string Prefix = "idp_";

    private ProviderState(string text)
        : base(text, Prefix)
    {
    }

    public static ProviderState New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such a state.</returns>
    public static ProviderState? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ProviderState(text) : null;

    /// <summary>
    /// Returns the parameter <c>state</c>. It is a hash, because addresses are written to the logs of proxies, and a reader of a log must not be able to
    /// continue the sign-in.
    /// </summary>
    public string ToAddressText() => Base64Url.EncodeToString(Hash());

    /// <summary>
    /// Returns whether the parameter <c>state</c> that came back belongs to this secret. The previous version sent the secret itself and may run beside this
    /// one.
    /// </summary>
    public bool IsAddressText(string? text) => text == ToAddressText()
        || (TryParse(text) is { } whole && CryptographicOperations.FixedTimeEquals(whole.Hash(), Hash()));
}

/// <summary>The secret with which one person's password may be set, once and for a short time.</summary>
internal sealed class PasswordResetToken : OpaqueSecret
{
    private const string Prefix = "reset_";

    /// <summary>An example for the documents, shortened so that it is no real token.</summary>
    public static readonly PasswordResetToken Example = new($"{Prefix}4kP9s…");

    private PasswordResetToken(string text)
        : base(text, Prefix)
    {
    }

    public static PasswordResetToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such a token.</returns>
    public static PasswordResetToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new PasswordResetToken(text) : null;
}

/// <summary>The secret that proves that somebody reads the mail of an address.</summary>
internal sealed class AddressToken : OpaqueSecret
{
    private const string Prefix = "address_";

    private AddressToken(string text)
        : base(text, Prefix)
    {
    }

    public static AddressToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such a token.</returns>
    public static AddressToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new AddressToken(text) : null;
}

/// <summary>The secret in a notice with which its reader reports that they did not do what the notice describes.</summary>
internal sealed class NotMeToken : OpaqueSecret
{
    private const string Prefix = "notme_";

    private NotMeToken(string text)
        : base(text, Prefix)
    {
    }

    public static NotMeToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such a token.</returns>
    public static NotMeToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new NotMeToken(text) : null;
}

/// <summary>The secret by which a browser is recognized at later sign-ins. It does not sign anybody in.</summary>
internal sealed class DeviceToken : OpaqueSecret
{
    private const string Prefix = "device_";

    private DeviceToken(string text)
        : base(text, Prefix)
    {
    }

    public static DeviceToken New() => new(Generate(Prefix));

    /// <returns>Null when the text does not have the form of such a token.</returns>
    public static DeviceToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new DeviceToken(text) : null;

    /// <summary>Returns a different hash for each name, so that the store does not show who shares a browser. No name contains a line feed.</summary>
    public byte[] HashFor(string foldedName) => TokenHash.Of($"{Reveal()}\n{foldedName}");
}
