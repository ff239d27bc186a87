using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Tokens;

/// <summary>
/// What every secret that this service hands out has in common: a prefix that says what it is and 256 random bits as
/// base64url. The prefix lets secret scanners find a leaked one; the fixed form lets a malformed one be refused before
/// the store is asked.
/// </summary>
internal abstract class OpaqueSecret(string text, string prefix)
{
    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What the store keeps instead of the secret.</summary>
    public byte[] Hash() => TokenHash.Of(text);

    /// <summary>The secret itself, for the one answer that carries it.</summary>
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

    /// <returns>Null when the text has not the form of a refresh token.</returns>
    public static RefreshToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new RefreshToken(text) : null;
}

/// <summary>What a service may show instead of an access token. It does not expire; it is revoked.</summary>
internal sealed class ApiKey : OpaqueSecret
{
    private const string Prefix = "sk_";

    private ApiKey(string text)
        : base(text, Prefix)
    {
    }

    public static ApiKey New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of an API key.</returns>
    public static ApiKey? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ApiKey(text) : null;
}

/// <summary>What a consumer of an application shows: it speaks for that application and for nothing else.</summary>
internal sealed class AppToken : OpaqueSecret
{
    private const string Prefix = "appsk_";

    private AppToken(string text)
        : base(text, Prefix)
    {
    }

    public static AppToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of an app token.</returns>
    public static AppToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new AppToken(text) : null;
}

/// <summary>Names what a person still has to show; whoever has it has already shown something.</summary>
internal sealed class ChallengeId : OpaqueSecret
{
    private const string Prefix = "2fa_";

    private ChallengeId(string text)
        : base(text, Prefix)
    {
    }

    public static ChallengeId New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such an id.</returns>
    public static ChallengeId? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ChallengeId(text) : null;
}

/// <summary>Stays in a browser that is sent to an identity provider. What goes there, and comes back with the answer, is <see cref="ToAddressText"/>.</summary>
internal sealed class ProviderState : OpaqueSecret
{
    private const string Prefix = "idp_";

    private ProviderState(string text)
        : base(text, Prefix)
    {
    }

    public static ProviderState New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such a state.</returns>
    public static ProviderState? TryParse(string? text) => IsWellFormed(text, Prefix) ? new ProviderState(text) : null;

    /// <summary>The parameter <c>state</c>: addresses stand in the logs of proxies, and who reads them there must not be able to go on.</summary>
    public string ToAddressText() => Base64Url.EncodeToString(Hash());

    /// <summary>Whether this came back as the parameter <c>state</c>. The version before sent the secret itself, and may run beside this one.</summary>
    public bool IsAddressText(string? text) => text == ToAddressText()
        || (TryParse(text) is { } whole && CryptographicOperations.FixedTimeEquals(whole.Hash(), Hash()));
}

/// <summary>Who shows it may set one person's password, once and soon.</summary>
internal sealed class PasswordResetToken : OpaqueSecret
{
    private const string Prefix = "reset_";

    /// <summary>For the documents: shortened, so that it is nobody's.</summary>
    public static readonly PasswordResetToken Example = new($"{Prefix}4kP9s…");

    private PasswordResetToken(string text)
        : base(text, Prefix)
    {
    }

    public static PasswordResetToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such a token.</returns>
    public static PasswordResetToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new PasswordResetToken(text) : null;
}

/// <summary>Proves that somebody reads the mail of an address.</summary>
internal sealed class AddressToken : OpaqueSecret
{
    private const string Prefix = "address_";

    private AddressToken(string text)
        : base(text, Prefix)
    {
    }

    public static AddressToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such a token.</returns>
    public static AddressToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new AddressToken(text) : null;
}

/// <summary>Stands in a notice; who shows it says that they did not do what it tells of.</summary>
internal sealed class NotMeToken : OpaqueSecret
{
    private const string Prefix = "notme_";

    private NotMeToken(string text)
        : base(text, Prefix)
    {
    }

    public static NotMeToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such a token.</returns>
    public static NotMeToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new NotMeToken(text) : null;
}

/// <summary>What a browser is recognized by at later sign-ins. It signs nobody in.</summary>
internal sealed class DeviceToken : OpaqueSecret
{
    private const string Prefix = "device_";

    private DeviceToken(string text)
        : base(text, Prefix)
    {
    }

    public static DeviceToken New() => new(Generate(Prefix));

    /// <returns>Null when the text has not the form of such a token.</returns>
    public static DeviceToken? TryParse(string? text) => IsWellFormed(text, Prefix) ? new DeviceToken(text) : null;

    /// <summary>Another one for each name, so that the store does not tell who share a browser. No name has a line feed in it.</summary>
    public byte[] HashFor(string foldedName) => TokenHash.Of($"{Reveal()}\n{foldedName}");
}
