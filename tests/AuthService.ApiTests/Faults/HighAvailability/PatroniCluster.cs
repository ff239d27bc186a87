using System.Diagnostics;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>Three PostgreSQL servers under Patroni, one of them a synchronous standby, and the etcd on which Patroni relies.</summary>
internal sealed class PatroniCluster : IAsyncDisposable
{
    private const int Size = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<PatroniNode> _nodes = [];

    private PatroniCluster(Etcd etcd) => Etcd = etcd;

    /// <summary>The time that a primary may be silent before another replaces it. Patroni allows no shorter time.</summary>
    public static TimeSpan Ttl { get; } = TimeSpan.FromSeconds(20);

    public static bool IsInstalled { get; } = File.Exists(Etcd.Program) && File.Exists(PatroniNode.Program);

    public Etcd Etcd { get; }

    public IReadOnlyList<PatroniNode> Nodes => _nodes;

    /// <summary>The connection string of the service's database, as an operator would write it.</summary>
    public string ConnectionString => $"Host={string.Join(',', _nodes.Select(node => node.Host))};Username=postgres;Database=authservice";

    public static async Task<PatroniCluster> StartAsync()
    {
        var cluster = new PatroniCluster(await Etcd.StartAsync());
        for (var i = 1; i <= Size; i++)
            cluster._nodes.Add(await PatroniNode.StartAsync($"node{i}", cluster.Etcd.Port));
        await (await cluster.WaitUntilWholeAsync()).Primary.ExecuteAsync("CREATE DATABASE authservice");
        return cluster;
    }

    /// <summary>Waits until a primary has its synchronous standby and another standby follows too.</summary>
    /// <returns>The primary, and the standby that would replace it.</returns>
    public async Task<(PatroniNode Primary, PatroniNode Standby)> WaitUntilWholeAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            foreach (var node in _nodes)
            {
                if (await node.FindClusterAsync() is not { } cluster)
                    continue;
                var roles = cluster.GetProperty("members").EnumerateArray().Where(Works)
                    .Select(member => (Role: member.GetProperty("role").GetString(), Node: NodeOf(member)))
                    .ToLookup(member => member.Role, member => member.Node, StringComparer.Ordinal);
                if (roles["leader"].SingleOrDefault() is { } primary && roles["sync_standby"].SingleOrDefault() is { } standby && roles["replica"].Any())
                    return await primary.TakesCommitsAsync() ? (primary, standby) : await WaitUntilWholeAsync();
            }

            await GiveUpAfterAsync(waited);
        }
    }

    /// <summary>Waits until one of these nodes takes commits.</summary>
    public async Task<PatroniNode> WaitForPrimaryAsync(params IReadOnlyCollection<PatroniNode> among)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var answers = await Task.WhenAll(among.Select(async node => (Node: node, TakesCommits: await node.TakesCommitsAsync())));
            if (answers.FirstOrDefault(answer => answer.TakesCommits).Node is { } primary)
                return primary;
            await GiveUpAfterAsync(waited);
        }
    }

    /// <summary>Makes another node the primary, as an operator would do it.</summary>
    public static Task SwitchOverAsync(PatroniNode from, PatroniNode to) => LocalServer.RunAsServerAsync(
        "/usr/bin/patronictl", "-c", from.SettingsFile, "switchover", "authservice", "--master", from.Name, "--candidate", to.Name, "--force");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Etcd.Dispose();
    }

    private static bool Works(JsonElement member) => member.GetProperty("state").GetString() is "running" or "streaming";

    private PatroniNode NodeOf(JsonElement member) => _nodes.Single(node => node.Name == member.GetProperty("name").GetString());

    private async Task GiveUpAfterAsync(Stopwatch waited)
    {
        await Task.Delay(100);
        if (waited.Elapsed < Patience)
            return;
        var logs = await Task.WhenAll(_nodes.Select(async node => $"{node.Name}:\n{string.Join('\n', (await node.ReadLogAsync()).Split('\n').TakeLast(30))}"));
        throw new TimeoutException($"No primary after {waited.Elapsed}:\n{string.Join('\n', logs)}");
    }
}
