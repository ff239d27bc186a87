namespace AuthService.Storage;

/// <summary>Compares byte arrays, such as hashes, by their content.</summary>
internal sealed class BytesComparer : IEqualityComparer<byte[]>
{
    public static readonly BytesComparer Instance = new();

    private BytesComparer()
    {
    }

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] bytes)
    {
        var code = default(HashCode);
        code.AddBytes(bytes);
        return code.ToHashCode();
    }
}
