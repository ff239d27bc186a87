using System.Net;
using System.Runtime.InteropServices;

namespace AuthService.Api.Http.Limits;

/// <summary>Whose an IP address is: an IPv6 customer has a whole /64, and an IPv4 address is itself however it is written.</summary>
internal static class AddressKey
{
    public const int BufferSize = 16;

    private const int IPv4Size = 4;
    private const int CustomerSize = 8;

    /// <param name="address">Null (no IP connection) has a key too.</param>
    /// <param name="buffer">At least <see cref="BufferSize"/>, for the key to stand in.</param>
    /// <returns>Equal for the addresses of one owner; not meant to be read.</returns>
    public static ReadOnlySpan<char> Of(IPAddress? address, Span<byte> buffer)
    {
        if (address is null || !address.TryWriteBytes(buffer, out var size))
            return [];
        ReadOnlySpan<byte> bytes = buffer[..size];
        return MemoryMarshal.Cast<byte, char>(size is IPv4Size || address.IsIPv4MappedToIPv6 ? bytes[^IPv4Size..] : bytes[..CustomerSize]);
    }
}
