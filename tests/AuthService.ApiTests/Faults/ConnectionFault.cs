namespace AuthService.ApiTests.Faults;

/// <summary>How a call to the database fails.</summary>
internal enum ConnectionFaultKind
{
    /// <summary>The connection dies before the server hears of the call.</summary>
    Before,

    /// <summary>The server has done it, commits included; the connection dies before its answer arrives.</summary>
    After,

    /// <summary>The server has done it; its answer never comes.</summary>
    Hold,
}

/// <summary>One failure, at the n-th call to the database from now on over all connections, the first being 1.</summary>
internal sealed class ConnectionFault(ConnectionFaultKind kind, int at)
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public ConnectionFaultKind Kind => kind;

    /// <summary>How many calls there were.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Completes when the call has failed.</summary>
    public Task Happened => _happened.Task;

    public bool IsDue() => Interlocked.Increment(ref _calls) == at;

    public void Happen() => _happened.TrySetResult();
}
