using System.Runtime.CompilerServices;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines whether the identity providers can be reached and match the settings. Nobody signs in.</summary>
internal static class ProviderExamination
{
    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (connections, protocol) = (services.GetRequiredService<ProviderConnections>(), services.GetRequiredService<ProviderProtocol>());
        foreach (var provider in services.GetRequiredService<IOptions<IdentityProviderOptions>>().Value)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return await ExamineAsync(provider, connections, protocol);
        }
    }

    private static async Task<Finding> ExamineAsync(IdentityProvider provider, ProviderConnections connections, ProviderProtocol protocol)
    {
        var subject = $"identity provider {provider.Title}";
        try
        {
            var metadata = await connections.ReadAsync(provider);
            return Finding.Fine(subject, $"{metadata.SigningKeys.Count} keys; it must know the callback {protocol.CallbackOf(provider)}");
        }
        catch (ProviderException error)
        {
            return Finding.Wrong(subject, error.InWords);
        }
    }
}
