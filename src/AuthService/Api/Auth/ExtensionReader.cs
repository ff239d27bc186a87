using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Delegation;
using AuthService.Tokens;

namespace AuthService.Api.Auth;

/// <summary>Reads the request of a service to extend a token.</summary>
internal sealed class ExtensionReader : IJsonReader<ExtensionReader, ExtensionRequestBody, ExtensionRequest>
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    public static ApiError NoToken => ApiError.BadRequest("validJWT is missing");

    public static ApiError BadScopes => ApiError.BadRequest("requestedScopes must be scopes of the form segments:access");

    public static ApiError BadLifetime => ApiError.BadRequest($"expiresIn must be from 0 to {LongestLifetime.TotalMilliseconds:0} milliseconds");

    public static ReadResult<ExtensionRequest> Read(ExtensionRequestBody body)
    {
        if (string.IsNullOrEmpty(body.ValidJWT))
            return NoToken;
        if (body.RequestedScopes is not { Length: > 0 })
            return ApiError.BadRequest("requestedScopes must name at least one scope");
        if (!ScopeSet.TryParse(body.RequestedScopes, out var scopes))
            return BadScopes;
        if (body.ExpiresIn is not { } milliseconds || milliseconds < 0 || milliseconds > LongestLifetime.TotalMilliseconds)
            return BadLifetime;
        return new ExtensionRequest(body.ValidJWT, scopes, TimeSpan.FromMilliseconds(milliseconds), body.AllowRefreshes ?? false);
    }
}
