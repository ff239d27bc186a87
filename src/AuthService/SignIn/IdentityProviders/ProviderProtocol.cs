using System.Net.Sockets;
using System.Text.Json;
using AuthService.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>The values of a request that are needed to verify its answer.</summary>
/// <param name="Nonce">The nonce, which comes back in the ID token.</param>
/// <param name="Items">The framework's own values: the PKCE verifier (RFC 7636) and the callback.</param>
internal sealed record ProviderRequest(string Nonce, Dictionary<string, string?> Items);

/// <summary>Speaks OpenID Connect with one provider: the code flow with PKCE, state and nonce, using the framework's handler.</summary>
internal sealed class ProviderProtocol(ProviderConnections connections, IOptionsMonitor<PublicAddressOptions> address, TimeProvider clock)
{
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30);

    /// <summary>The accepted signature algorithms, all with key pairs: with a shared key, everyone who has the client secret could sign.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Returns the address to which the provider sends the browser back. It must be registered at the provider.</summary>
    public string CallbackOf(IdentityProvider provider) => $"{address.CurrentValue.PublicAddress}{CallbackPathOf(provider)}";

    /// <returns>The address to send the browser to, and the values to keep for the answer.</returns>
    /// <exception cref="ProviderException">The provider cannot be reached, or its metadata is not valid.</exception>
    public async Task<(string Address, ProviderRequest Kept)> BeginAsync(IdentityProvider provider, string state)
    {
        await connections.ReadAsync(provider);
        var properties = new AuthenticationProperties();
        var options = CreateOptions(provider, new ProviderStateFormat(state, properties));
        var nonce = options.ProtocolValidator.GenerateNonce();
        options.ProtocolValidator.RequireNonce = false; // the handler would keep it in a cookie
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.Nonce = nonce;
            context.ProtocolMessage.RedirectUri = CallbackOf(provider);
            return Task.CompletedTask;
        };
        try
        {
            var location = await new ProviderHandler(options).ChallengeAsync(properties, CreateContext(provider));
            return (location, new ProviderRequest(nonce, new Dictionary<string, string?>(properties.Items, StringComparer.Ordinal)));
        }
        catch (Exception error)
        {
            throw new ProviderException("the provider takes no request", error) { IsUnreachable = true };
        }
    }

    /// <param name="provider">The provider that received the request.</param>
    /// <param name="state">The state of the request.</param>
    /// <param name="query">The complete query of the answer.</param>
    /// <param name="kept">The values kept of the request.</param>
    /// <exception cref="ProviderException">The answer is not valid, or the provider cannot be reached.</exception>
    public async Task<ProviderIdentity> ReadAnswerAsync(IdentityProvider provider, ProviderState state, QueryString query, ProviderRequest kept)
    {
        var metadata = await connections.ReadAsync(provider);
        var context = CreateContext(provider, query);
        if (FindIssuer(context.Request.Query, metadata) is { } issuer && issuer != metadata.Issuer)
            throw new ProviderException("the answer names another issuer");
        var cameBack = context.Request.Query[OpenIdConnectParameterNames.State].ToString();
        if (!state.IsAddressText(cameBack))
            throw new ProviderException("the answer has the state of another request");
        var options = CreateOptions(provider, new ProviderStateFormat(cameBack, new AuthenticationProperties(kept.Items)));
        var answer = new Answer();
        options.Events = answer.CreateEvents(kept.Nonce);
        await new ProviderHandler(options).AuthenticateAsync(context);
        return answer.ToIdentity();
    }

    /// <summary>Returns the rules for every token that the provider signs for this client.</summary>
    public TokenValidationParameters RulesOf(IdentityProvider provider) => new()
    {
        ConfigurationManager = connections.MetadataOf(provider),
        ValidAudience = provider.ClientId,
        ValidAlgorithms = Algorithms,
        RequireExpirationTime = true,
        LifetimeValidator = (begins, expires, _, _) => IsNow(begins, expires),
    };

    /// <summary>Returns the payload as it was signed, because the JSON types of its values matter.</summary>
    public static JsonElement ParsePayload(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return payload.RootElement.Clone();
    }

    /// <summary>Returns the issuer in the answer. It is empty when the provider announces the issuer in every answer (RFC 9207) but sent none.</summary>
    private static string? FindIssuer(IQueryCollection answer, OpenIdConnectConfiguration metadata) =>
        answer["iss"] is [{ } issuer, ..] ? issuer : metadata.AuthorizationResponseIssParameterSupported ? "" : null;

    private static string CallbackPathOf(IdentityProvider provider) => $"{PublicNames.AuthPrefix}/idp/{Uri.EscapeDataString(provider.Title)}/callback";

    /// <summary>Creates a request with the parts that the handler reads, and nothing else of the real one.</summary>
    private static DefaultHttpContext CreateContext(IdentityProvider provider, QueryString query = default)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = new PathString(PublicNames.AuthPrefix + "/idp/" + provider.Title);
        context.Request.QueryString = query;
        return context;
    }

    private OpenIdConnectOptions CreateOptions(IdentityProvider provider, ProviderStateFormat state)
    {
        var metadata = connections.MetadataOf(provider);
        var options = new OpenIdConnectOptions
        {
            Authority = provider.Authority,
            ClientId = provider.ClientId,
            ClientSecret = provider.ClientSecret,
            CallbackPath = new PathString(PublicNames.AuthPrefix + "/idp/" + provider.Title),
            ResponseType = OpenIdConnectResponseType.Code,
            ResponseMode = OpenIdConnectResponseMode.Query,
            GetClaimsFromUserInfoEndpoint = true,
            DisableTelemetry = true,
            Backchannel = connections.Http,
            ConfigurationManager = metadata,
            StateDataFormat = state,
            TokenHandler = new SignedTokenHandler(),
            TimeProvider = clock,
            TokenValidationParameters = RulesOf(provider),
        };
        options.ProtocolValidator.RequireTimeStampInNonce = false;
        options.Scope.Clear();
        foreach (var scope in provider.ScopesInUse)
            options.Scope.Add(scope);
        return options;
    }

    private bool IsNow(DateTime? begins, DateTime? expires) =>
        clock.GetUtcNow().UtcDateTime is var now && now < expires + MostSkew && (begins is null || begins <= now + MostSkew);

    /// <summary>Collects the results of the handler.</summary>
    private sealed class Answer
    {
        private JsonElement _token;
        private JsonElement? _userInfo;
        private Exception? _failure;
        private bool _isReceived;

        public OpenIdConnectEvents CreateEvents(string nonce) => new()
        {
            OnTokenValidated = context =>
            {
                context.Nonce = nonce;
                _token = ParsePayload(new JsonWebToken(context.TokenEndpointResponse!.IdToken));
                return Task.CompletedTask;
            },
            OnUserInformationReceived = context =>
            {
                _userInfo = context.User.RootElement.Clone();
                return Task.CompletedTask;
            },
            OnTicketReceived = context =>
            {
                _isReceived = true;
                context.HandleResponse();
                return Task.CompletedTask;
            },
            OnRemoteFailure = context =>
            {
                _failure = context.Failure;
                context.HandleResponse();
                return Task.CompletedTask;
            },
        };

        public ProviderIdentity ToIdentity() => _isReceived && _failure is null
            ? ProviderIdentity.Of(new ProviderClaims(_token, _userInfo))
            : throw new ProviderException("the answer of the provider does not hold", _failure ?? new InvalidOperationException("no answer"))
            {
                IsUnreachable = _failure is HttpRequestException or SocketException or OperationCanceledException,
            };
    }
}
