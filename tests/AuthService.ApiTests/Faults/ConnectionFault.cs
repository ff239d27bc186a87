namespace AuthService.ApiTests.Faults;

/// <summary>The way in which a call to the database fails.</summary>
internal enum ConnectionFaultKind
{
    /// <summary>The connection breaks before the server receives the call.</summary>
    Before,

    /// <summary>The server has executed the call, commits included. The connection breaks before the response arrives.</summary>
    After,

    /// <summary>The server has executed the call. The response never arrives.</summary>
    Hold,
}

/// <summary>One failure, at the n-th call to the database from now on. Calls of all connections count, the first one as 1.</summary>
internal sealed class ConnectionFault(ConnectionFaultKind kind, int at)
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public ConnectionFaultKind Kind => kind;

    /// <summary>The number of calls so far.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Completes when the call has failed.</summary>
    public Task Happened => _happened.Task;

    public bool IsDue() => Interlocked.Increment(ref _calls) == at;

    public void Happen() => _happened.TrySetResult();
}
