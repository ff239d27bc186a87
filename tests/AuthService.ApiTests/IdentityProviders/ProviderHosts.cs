using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>
/// An identity provider and instances that trust it, which the tests of one class share. Instances keep the metadata and the keys of a provider, so a test
/// that changes these starts its own.
/// </summary>
public class ProviderHosts(AuthHost host) : ClassHosts(host)
{
    internal PlainProvider Provider { get; private set; } = null!;

    public override async Task InitializeAsync() => Provider = await KeepAsync(PlainProvider.StartAsync(Host.Clock));

    /// <summary>Starts another provider with the same claims. It stops after the last test of the class.</summary>
    internal async Task<PlainProvider> StartProviderAsync()
    {
        var another = await KeepAsync(PlainProvider.StartAsync(Host.Clock));
        another.Claims = Provider.Claims;
        return another;
    }

    /// <summary>Gets the provider as it was at the start, with these claims.</summary>
    internal PlainProvider Reset(JsonObject? claims = null)
    {
        Provider.Reset();
        Provider.Claims = claims ?? [];
        return Provider;
    }
}

/// <inheritdoc/>
public sealed class ProviderHosts<TStore>(TStore store) : ProviderHosts(store.Host)
    where TStore : SharedHost;
