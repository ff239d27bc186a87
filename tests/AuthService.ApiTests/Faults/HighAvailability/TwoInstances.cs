using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>Two instances of the service on a cluster under Patroni. They know all nodes of it.</summary>
public sealed class TwoInstances : IAsyncLifetime
{
    private readonly ServiceFolder _folder = new();
    private readonly List<ServiceProcess> _instances = [];

    internal PatroniCluster Cluster { get; private set; } = null!;

    internal TestDatabase Database { get; private set; } = null!;

    internal Surroundings Around { get; private set; } = null!;

    internal IReadOnlyList<ServiceProcess> Instances => _instances;

    public async Task InitializeAsync()
    {
        Cluster = await PatroniCluster.StartAsync();
        Database = TestDatabase.OnPrimaryOf(Cluster.ConnectionString);
        Around = await Surroundings.StartAsync();
        var settings = ServiceFolder.ForProduction().With(Database.Settings).With(Around.Settings);
        _instances.AddRange([_folder.Start(settings), _folder.Start(settings)]);
        await Task.WhenAll(_instances.Select(instance => instance.WaitUntilReadyAsync()));
    }

    public async Task DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await Around.DisposeAsync();
        await Cluster.DisposeAsync();
        _folder.Dispose();
    }
}
