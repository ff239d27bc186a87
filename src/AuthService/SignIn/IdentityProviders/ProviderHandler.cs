using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>
/// The framework's handler, for one call. It makes and verifies everything; what it would keep in cookies and seal with keys of its own stands in a
/// sign-in challenge, which any instance reads.
/// </summary>
internal sealed class ProviderHandler(OpenIdConnectOptions options)
    : OpenIdConnectHandler(new OneOption(options), NullLoggerFactory.Instance, HtmlEncoder.Default, UrlEncoder.Default)
{
    /// <summary>The address to which the browser is sent.</summary>
    public async Task<string> ChallengeAsync(AuthenticationProperties properties, HttpContext context)
    {
        await InitializeAsync(new AuthenticationScheme("provider", displayName: null, typeof(ProviderHandler)), context);
        await ChallengeAsync(properties);
        return context.Response.Headers.Location.ToString();
    }

    /// <summary>What comes of it is told to the events.</summary>
    public async Task AuthenticateAsync(HttpContext context)
    {
        await InitializeAsync(new AuthenticationScheme("provider", displayName: null, typeof(ProviderHandler)), context);
        await HandleRequestAsync();
    }

    /// <summary>The state itself stands in a cookie of the browser that began.</summary>
    protected override void GenerateCorrelationId(AuthenticationProperties properties)
    {
    }

    /// <summary>Whoever calls has compared it.</summary>
    protected override bool ValidateCorrelationId(AuthenticationProperties properties) => true;

    private sealed class OneOption(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}

/// <summary>The state that goes to the provider and comes back is the id of the challenge; what it stands for was read with that.</summary>
internal sealed class ProviderStateFormat(string state, AuthenticationProperties kept) : ISecureDataFormat<AuthenticationProperties>
{
    public string Protect(AuthenticationProperties data) => state;

    public string Protect(AuthenticationProperties data, string? purpose) => state;

    public AuthenticationProperties? Unprotect(string? protectedText) => protectedText == state ? kept : null;

    public AuthenticationProperties? Unprotect(string? protectedText, string? purpose) => Unprotect(protectedText);
}

/// <summary>
/// The framework takes an ID token without a signature where it comes from the token endpoint (OpenID Connect Core 1.0, section 3.1.3.7); here it is
/// signed, whatever way it came.
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
