using System.Net;
using System.Reflection;
using AuthService.Audit;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Where a call comes from, as far as the connection and its headers tell.</summary>
internal sealed record ClientInfo(string? IpAddress, string? UserAgent, string? Location) : IBindableFromHttpContext<ClientInfo>
{
    private const int LongestUserAgent = 512;
    private const int LongestLocation = 250;

    /// <summary>For the audit row of what somebody does who shows a refresh token: the actor is its principal.</summary>
    public Deed Deed => new(Actor: null, IpAddress);

    public static ValueTask<ClientInfo?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<ClientInfo?>(From(context));

    public static ClientInfo From(HttpContext context)
    {
        var headers = context.Request.Headers;
        var locationHeader = context.RequestServices.GetRequiredService<IOptions<ReverseProxyOptions>>().Value.LocationHeader;
        return new ClientInfo(
            TextOf(context.Connection.RemoteIpAddress),
            Cut(headers.UserAgent.ToString(), LongestUserAgent),
            string.IsNullOrEmpty(locationHeader) ? null : Cut(headers[locationHeader].ToString(), LongestLocation));
    }

    private static string? TextOf(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    /// <summary>Never between the halves of a surrogate pair.</summary>
    private static string? Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return text.Length == 0 ? null : text;
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
