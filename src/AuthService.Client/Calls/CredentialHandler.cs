using System.Net;
using System.Net.Http.Headers;

namespace AuthService.Client.Calls;

/// <summary>Sends this service's credential with each call that carries none. A token that is refused before its end is renewed once.</summary>
internal sealed class CredentialHandler(ServiceCredential credential) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not null)
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
