using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Input;
using AuthService.Principals.ApiKeys;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.OAuth;

/// <summary>Reads the form of the token endpoint, and the client that sent it, if the client authenticated.</summary>
internal sealed class TokenGrantReader : IInputReader<RequestedGrant>
{
    public const string ClientCredentialsGrant = "client_credentials";
    public const string RefreshTokenGrant = "refresh_token";

    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new AcceptsMetadata([TokenReader.ContentType], typeof(TokenGrantBody)));

    public static async ValueTask<ReadResult<RequestedGrant>> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return TokenReader.NoForm;
        var form = await FormBody.ReadAsync(context);
        if (form.Fault is { } fault)
            return fault;
        return await ClientAuthentication.ReadAsync(context) switch
        {
            ClientAuthentication.Refused(var error) => error,
            ClientAuthentication.Authenticated(var key) => Read(form.Value, key),
            _ => Read(form.Value, client: null),
        };
    }

    private static ReadResult<RequestedGrant> Read(IFormCollection form, ApiKeyWithService? client)
    {
        var scopes = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!ScopeSet.TryParse(scopes, out var wanted))
            return OAuthErrors.MalformedScope;
        var request = new ClientRequest(client?.Principal.Id, scopes.Length > 0 ? wanted : null);
        return form["grant_type"].ToString() switch
        {
            ClientCredentialsGrant when client is null => ClientAuthentication.WrongClient,
            ClientCredentialsGrant => new RequestedGrant.ClientCredentials(
                client.Principal, request with { ApiKeyId = client.Key.Id, NotAfter = client.Key.ExpireAt }),
            RefreshTokenGrant => ReadRefresh(form["refresh_token"].ToString(), request),
            "" => OAuthErrors.NoGrantType,
            _ => OAuthErrors.UnsupportedGrantType,
        };
    }

    private static ReadResult<RequestedGrant> ReadRefresh(string text, ClientRequest request)
    {
        if (text.Length == 0)
            return OAuthErrors.NoRefreshToken;
        return RefreshToken.TryParse(text) is { } token ? new RequestedGrant.Refresh(token, request) : OAuthErrors.InvalidRefreshToken;
    }
}
