using System.Text.Json;
using AuthService.Principals;

namespace AuthService.Sessions.AccessTokens;

/// <summary>
/// What an access token says of a person beside the id. A browser drops a cookie of more than 4,096 bytes, and one of them holds an
/// access token (<c>authState</c>); so the longest texts are left out of a token that could not stand in it.
/// </summary>
internal static class TokenProfile
{
    /// <summary>
    /// In bytes of JSON, the id included. Beside it a cookie has space for the other claims and for the signature of an RSA key of
    /// 4,096 bits.
    /// </summary>
    private const int Longest = 1_700;

    /// <summary>Of one UTF-16 unit that is escaped.</summary>
    private const int BytesOfUnit = 6;

    public static PrincipalProfile Of(Principal principal)
    {
        var profile = principal.Profile with { Locale = null }; // no claim
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
