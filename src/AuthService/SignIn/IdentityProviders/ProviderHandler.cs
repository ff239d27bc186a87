using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>
/// Runs the framework's handler for one request. The handler creates and verifies everything. The data that it would keep in encrypted cookies
/// is in a sign-in challenge instead, which every instance can read.
/// </summary>
internal sealed class ProviderHandler(OpenIdConnectOptions options)
    : OpenIdConnectHandler(new OneOption(options), NullLoggerFactory.Instance, HtmlEncoder.Default, UrlEncoder.Default)
{
    /// <summary>Returns the address to send the browser to.</summary>
    public async Task<string> ChallengeAsync(AuthenticationProperties properties, HttpContext context)
    {
        await InitializeAsync(new AuthenticationScheme("provider", displayName: null, typeof(ProviderHandler)), context);
        await ChallengeAsync(properties);
        return context.Response.Headers.Location.ToString();
    }

    /// <summary>Processes the answer and reports the result through the events.</summary>
    public async Task AuthenticateAsync(HttpContext context)
    {
        await InitializeAsync(new AuthenticationScheme("provider", displayName: null, typeof(ProviderHandler)), context);
        await HandleRequestAsync();
    }

    /// <summary>Does nothing: a cookie of the browser that began the request holds the state itself.</summary>
    protected override void GenerateCorrelationId(AuthenticationProperties properties)
    {
    }

    /// <summary>Accepts every answer, because the caller has compared the state.</summary>
    protected override bool ValidateCorrelationId(AuthenticationProperties properties) => true;

    private sealed class OneOption(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}

/// <summary>Uses the id of the challenge as the state that goes to the provider and comes back. The properties were read with the challenge.</summary>
internal sealed class ProviderStateFormat(string state, AuthenticationProperties kept) : ISecureDataFormat<AuthenticationProperties>
{
    public string Protect(AuthenticationProperties data) => state;

    public string Protect(AuthenticationProperties data, string? purpose) => state;

    public AuthenticationProperties? Unprotect(string? protectedText) => protectedText == state ? kept : null;

    public AuthenticationProperties? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
}

/// <summary>
/// Requires a signature on every ID token. The framework accepts one without it from the token endpoint
/// (OpenID Connect Core 1.0, section 3.1.3.7).
/// </summary>
internal sealed class SignedTokenHandler : JsonWebTokenHandler
{
    public SignedTokenHandler() => MapInboundClaims = false;

    public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        validationParameters.RequireSignedTokens = true;
        return base.ValidateTokenAsync(token, validationParameters);
    }
}
