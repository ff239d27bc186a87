using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AuthService.Benchmarks.Load;

/// <summary>
/// Linux's epoll. One thread serves all connections with it, which costs the generator far less than a task and a thread-pool switch for each response.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int ControlAdd = 1;
    private const uint Readable = 1;
    private const int MostEvents = 64;

    // struct epoll_event is packed on x64 only (see epoll_ctl(2) and <sys/epoll.h>).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly int _descriptor = Check(Create(0));
    private readonly byte[] _events = new byte[MostEvents * EventSize];

    /// <summary>Reports the socket with this tag whenever there is something to read from it.</summary>
    public void Watch(Socket socket, int tag)
    {
        Span<byte> wanted = stackalloc byte[EventSize];
        wanted.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(wanted[DataOffset..], tag);
        Check(Control(_descriptor, ControlAdd, (int)socket.Handle, ref MemoryMarshal.GetReference(wanted)));
    }

    /// <summary>Returns the number of sockets that became readable; 0 when none did within the timeout.</summary>
    public int Wait(TimeSpan timeout)
    {
        var ready = Wait(_descriptor, ref MemoryMarshal.GetArrayDataReference(_events), MostEvents, (int)timeout.TotalMilliseconds);
        return ready < 0 && Marshal.GetLastPInvokeError() == InterruptedCall ? 0 : Check(ready);
    }

    /// <summary>Returns the tag of the n-th socket of the last wait.</summary>
    public int Tag(int index) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan(index * EventSize + DataOffset));

    public void Dispose() => _ = Close(_descriptor);

    private const int InterruptedCall = 4;

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException($"epoll: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int socket, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int most, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
