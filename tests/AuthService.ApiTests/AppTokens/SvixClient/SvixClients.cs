using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.AppTokens.SvixClient;

/// <summary>The processes of the npm clients that the tests of one class share, one for each version. Every call names its token.</summary>
public abstract class SvixClients(AuthHost host) : IAsyncLifetime
{
    private readonly Dictionary<string, SvixProcess> _clients = new(StringComparer.Ordinal);

    public AuthHost Host => host;

    public SvixProcess Get(string version) =>
        _clients.TryGetValue(version, out var started) ? started : _clients[version] = SvixProcess.Start(version, host.Address);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var client in _clients.Values)
            await client.DisposeAsync();
    }
}

/// <inheritdoc/>
public sealed class SvixClients<TStore>(TStore store) : SvixClients(store.Host)
    where TStore : SharedHost;
