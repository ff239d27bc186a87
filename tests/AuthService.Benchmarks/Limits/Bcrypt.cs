using System.Runtime.InteropServices;

namespace AuthService.Benchmarks.Limits;

/// <summary>The system's own bcrypt (libxcrypt's <c>crypt_rn</c>, crypt(3)) at the cost that the service uses.</summary>
internal static partial class Bcrypt
{
    private const int Cost = 12;
    private const int WorkspaceSize = 32 * 1024; // sizeof(struct crypt_data)

    /// <summary>One password check's worth of work. Each thread brings a workspace of its own.</summary>
    public static void Hash(byte[] workspace)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(workspace);
        if (HashInto("benchmark password", $"$2b${Cost}$abcdefghijklmnopqrstuu", ref start, workspace.Length) == 0)
            throw new InvalidOperationException("crypt_rn refused the password: this system's libcrypt.so.1 has no bcrypt");
    }

    public static byte[] NewWorkspace() => new byte[WorkspaceSize];

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_rn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint HashInto(string password, string setting, ref byte workspace, int size);
}
