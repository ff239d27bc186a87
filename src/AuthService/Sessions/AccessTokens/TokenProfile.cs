using System.Text.Json;
using AuthService.Principals;

namespace AuthService.Sessions.AccessTokens;

/// <summary>
/// Chooses the profile claims of a person's access token. A browser drops a cookie of more than 4,096 bytes, and the cookie <c>authState</c> contains an access
/// token. So the longest texts are left out when the token would not fit.
/// </summary>
internal static class TokenProfile
{
    /// <summary>
    /// The limit in bytes of JSON, including the id. The rest of the cookie has space for the other claims and for the signature of an RSA key of 4,096 bits.
    /// </summary>
    private const int Longest = 1_700;

    /// <summary>The length of one escaped UTF-16 unit.</summary>
    private const int BytesOfUnit = 6;

    public static PrincipalProfile Of(Principal principal)
    {
        var profile = principal.Profile with { Locale = null }; // the locale is not a claim
        if (BytesOfUnit * (principal.Id.Length + profile.Texts.Sum(text => text.Length)) <= Longest)
            return profile;
        var left = Longest - LengthOf(principal.Id);
        var texts = ProfileField.All.Select(field => (Field: field, Length: LengthOf(field.Get(profile) ?? ""))).OrderBy(text => text.Length);
        foreach (var (field, length) in texts)
        {
            left -= length;
            if (left < 0)
                field.Set(profile, null);
        }

        return profile;
    }

    private static int LengthOf(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length;
}
