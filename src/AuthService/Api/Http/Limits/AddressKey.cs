using System.Net;
using System.Runtime.InteropServices;

namespace AuthService.Api.Http.Limits;

/// <summary>
/// Identifies the customer behind an IP address. An IPv6 customer has a whole /64. An IPv4 address is one customer, also when it is written as an IPv6 address.
/// </summary>
internal static class AddressKey
{
    public const int BufferSize = 16;

    private const int IPv4Size = 4;
    private const int CustomerSize = 8;

    /// <param name="address">The address. Null, when there is no IP connection, also has a key.</param>
    /// <param name="buffer">The memory for the key, at least <see cref="BufferSize"/>.</param>
    /// <returns>A key that is equal for all addresses of one customer. It is not readable text.</returns>
    public static ReadOnlySpan<char> Of(IPAddress? address, Span<byte> buffer)
    {
        if (address is null || !address.TryWriteBytes(buffer, out var size))
            return [];
        ReadOnlySpan<byte> bytes = buffer[..size];
        return MemoryMarshal.Cast<byte, char>(size is IPv4Size || address.IsIPv4MappedToIPv6 ? bytes[^IPv4Size..] : bytes[..CustomerSize]);
    }
}
