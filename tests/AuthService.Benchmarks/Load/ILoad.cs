namespace AuthService.Benchmarks.Load;

/// <summary>Something that loads a server for a while.</summary>
internal interface ILoad : IDisposable
{
    LoadResult Run(TimeSpan interval, CancellationToken cancellationToken);
}
