using System.Net;
using System.Text;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals.ApiKeys;
using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Api.Http.Callers;

/// <summary>Metadata of an endpoint that a service may call with its id and an API key, as ordinary OAuth client libraries do.</summary>
internal sealed record TakesClientAuthentication
{
    public static readonly TakesClientAuthentication Metadata = new();
}

/// <summary>
/// The result of client authentication at the OAuth endpoints. A service sends its id and an API key, by <c>client_secret_basic</c> or
/// <c>client_secret_post</c> (RFC 6749, section 2.3.1).
/// </summary>
internal abstract record ClientAuthentication
{
    public const string BasicChallenge = "Basic realm=\"AuthService\"";

    private const string BasicScheme = "Basic";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ClientAuthentication()
    {
    }

    /// <summary>The request used neither method.</summary>
    internal sealed record None : ClientAuthentication;

    internal sealed record Refused(ApiError Error) : ClientAuthentication;

    internal sealed record Authenticated(ApiKeyWithService Key) : ClientAuthentication;

    public static ApiError WrongClient => ApiError.FromStatus(StatusCodes.Status401Unauthorized) with
    {
        Challenge = BasicChallenge,
        Note = new RefusalNote(RefusalReason.WrongClient),
    };

    public static ApiError SeveralMethods => ApiError.BadRequest("A client authenticates in one way only");

    public static async Task<ClientAuthentication> ReadAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var form = context.Request.HasFormContentType && await FormBody.ReadAsync(context) is { Fault: null } read ? read.Value : null;
        var (formId, formSecret) = (form?["client_id"].ToString() ?? "", form?["client_secret"].ToString() ?? "");
        if (!header.Split(' ')[0].Equals(BasicScheme, StringComparison.OrdinalIgnoreCase))
        {
            if (formSecret.Length == 0)
                return new None();
            return header.Length > 0 ? new Refused(SeveralMethods) : await VerifyAsync(formId, formSecret, context);
        }

        var basic = ParseBasic(header[BasicScheme.Length..]);
        if (formSecret.Length > 0 || (formId.Length > 0 && basic is not null && formId != basic.Value.Id))
            return new Refused(SeveralMethods);
        return basic is var (id, secret) ? await VerifyAsync(id, secret, context) : new Refused(WrongClient);
    }

    private static async Task<ClientAuthentication> VerifyAsync(string id, string secret, HttpContext context)
    {
        var keys = context.RequestServices.GetRequiredService<ApiKeyService>();
        if (ApiKey.TryParse(secret) is not { } key)
            return new Refused(WrongClient);
        if (await keys.VerifyAsync(key) is not { } verified)
            return new Refused(WrongClient with { Note = null }); // the reason is already noted
        return verified.Principal.Id == id ? new Authenticated(verified) : new Refused(WrongClient);
    }

    /// <summary>Reads id and secret. Each is form-urlencoded before the two are joined.</summary>
    private static (string Id, string Secret)? ParseBasic(string text)
    {
        try
        {
            var pair = StrictUtf8.GetString(Convert.FromBase64String(text.Trim()));
            return pair.IndexOf(':', StringComparison.Ordinal) is var at and > 0
                ? (WebUtility.UrlDecode(pair[..at]), WebUtility.UrlDecode(pair[(at + 1)..]))
                : null;
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
