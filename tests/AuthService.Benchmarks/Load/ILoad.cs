namespace AuthService.Benchmarks.Load;

/// <summary>A load on a server for a limited time.</summary>
internal interface ILoad : IDisposable
{
    LoadResult Run(TimeSpan interval, CancellationToken cancellationToken);
}
