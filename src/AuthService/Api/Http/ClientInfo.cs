using System.Net;
using System.Reflection;
using AuthService.Audit;

namespace AuthService.Api.Http;

/// <summary>Where a call comes from, as far as the connection and its headers tell.</summary>
internal sealed record ClientInfo(string? IpAddress, string? UserAgent) : IBindableFromHttpContext<ClientInfo>
{
    private const int LongestUserAgent = 512;

    /// <summary>For the audit row of what somebody does who shows a refresh token: the actor is its principal.</summary>
    public Deed Deed => new(Actor: null, IpAddress);

    public static ValueTask<ClientInfo?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<ClientInfo?>(From(context));

    public static ClientInfo From(HttpContext context) =>
        new(TextOf(context.Connection.RemoteIpAddress), Cut(context.Request.Headers.UserAgent.ToString()));

    private static string? TextOf(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    /// <summary>Never between the halves of a surrogate pair.</summary>
    private static string? Cut(string userAgent) => userAgent.Length switch
    {
        0 => null,
        <= LongestUserAgent => userAgent,
        _ => userAgent[..(char.IsHighSurrogate(userAgent[LongestUserAgent - 1]) ? LongestUserAgent - 1 : LongestUserAgent)],
    };
}
