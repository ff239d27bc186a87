using System.Net;
using System.Net.Http.Headers;

namespace AuthService.Client.Calls;

/// <summary>
/// Sends this service's credential with each call that is made as this service. A token that is refused before it expires is renewed once.
/// A call that is made with a user's token is marked, and never gets this service's credential: a missing token must not become this service's authority.
/// </summary>
internal sealed class CredentialHandler(ServiceCredential credential) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<bool> AsBearer = new("AuthService.AsBearer");

    /// <summary>Makes the call with this token and not with the service's own credential.</summary>
    /// <exception cref="ArgumentException">The token is null or empty.</exception>
    public static void CallAs(HttpRequestMessage request, string bearer)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bearer);
        request.Options.Set(AsBearer, true);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(AsBearer, out _))
            return await base.SendAsync(request, cancellationToken);
        var bearer = await credential.GetAsync(cancellationToken);
        var response = await SendAsync(request, bearer, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized || !credential.TryForget(bearer))
            return response;
        response.Dispose();
        return await SendAsync(request, await credential.GetAsync(cancellationToken), cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string bearer, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return base.SendAsync(request, cancellationToken);
    }
}
