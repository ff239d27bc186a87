using System.Net;
using System.Reflection;
using AuthService.Api.Http.Limits;
using AuthService.Audit;
using AuthService.Configuration;
using AuthService.Principals.Passwords;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Callers;

/// <summary>The origin of a call, according to its connection and headers.</summary>
internal sealed record ClientInfo(string? IpAddress, string? UserAgent, string? Location) : IBindableFromHttpContext<ClientInfo>
{
    private const int LongestUserAgent = 512;
    private const int LongestLocation = 250;

    /// <summary>The caller for the queue in which passwords wait to be hashed. It is created only for the few calls that hash one.</summary>
    public HashingCaller HashingCaller => new(
        AddressKey.Of(Context.Connection.RemoteIpAddress, stackalloc byte[AddressKey.BufferSize]).ToString(), Context.RequestAborted);

    private HttpContext Context { get; init; } = null!;

    /// <summary>The audit actor of a call with a refresh token. The actor's id is left out: it is the principal of the token.</summary>
    public AuditActor AuditActor => new(Actor: null, IpAddress);

    public static ValueTask<ClientInfo?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<ClientInfo?>(From(context));

    public static ClientInfo From(HttpContext context)
    {
        var headers = context.Request.Headers;
        var locationHeader = context.RequestServices.GetRequiredService<IOptions<ReverseProxyOptions>>().Value.LocationHeader;
        return new ClientInfo(
            TextOf(context.Connection.RemoteIpAddress),
            Cut(headers.UserAgent.ToString(), LongestUserAgent),
            string.IsNullOrEmpty(locationHeader) ? null : Cut(headers[locationHeader].ToString(), LongestLocation))
        {
            Context = context,
        };
    }

    public static string? TextOf(IPAddress? address) => address is null ? null : PlainAddress.Of(address).ToString();

    /// <summary>
    /// Cuts a text to the longest length, but not between the halves of a surrogate pair. NUL is removed, because HTTP/2 allows it and PostgreSQL does not.
    /// </summary>
    private static string? Cut(string text, int longest)
    {
        text = text.Replace("\0", "", StringComparison.Ordinal);
        if (text.Length <= longest)
            return text.Length == 0 ? null : text;
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }
}
