using Xunit;

namespace AuthService.ApiTests.Faults.HighAvailability;

/// <summary>Marks a test that runs only if Patroni and etcd are installed as Debian packages.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PatroniTheoryAttribute : TheoryAttribute
{
    public PatroniTheoryAttribute()
    {
        if (!PatroniCluster.IsInstalled)
            Skip = "Patroni and etcd are not installed: apt-get install patroni etcd-server python3-etcd";
    }
}
