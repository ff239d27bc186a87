using System.Text.Json.Nodes;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Signals;

/// <summary>Signs SETs at the moment they are delivered (RFC 8417; SSF 1.0, section 4.1).</summary>
internal sealed class SignalTokens(SecurityEventTokenWriter writer, IOptionsMonitor<JwtOptions> options)
{
    public bool CanSign => writer.CanWrite;

    /// <param name="set">The waiting SET.</param>
    /// <param name="audience">The id of the service that owns the stream.</param>
    public string Sign(WaitingSet set, string audience)
    {
        var claims = JsonNode.Parse(set.Claims)!.AsObject();
        claims["iss"] = options.CurrentValue.Issuer;
        claims["aud"] = audience;
        claims["jti"] = set.Id.ToString();
        claims["iat"] = set.CreatedAt.ToUnixTimeSeconds();
        return writer.Write(claims);
    }
}
