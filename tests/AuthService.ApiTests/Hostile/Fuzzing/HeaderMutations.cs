using System.Globalization;
using static AuthService.ApiTests.Hostile.Fuzzing.HostileTexts;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Adds doubled, huge and unusual headers: those that the service or the framework reads, and others.</summary>
internal static class HeaderMutations
{
    private static readonly string[] Names =
    [
        "Authorization", "Cookie", "Origin", "Referer", "X-CSRFToken", "Accept", "User-Agent", "Idempotency-Key", "traceparent", "tracestate",
        "baggage", "Request-Id", "X-Forwarded-For",
        "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL", "X-HTTP-Method-Override", "Accept-Encoding",
        "Accept-Language", "Accept-Charset",
        "If-None-Match", "If-Modified-Since", "Range", "Upgrade", "Sec-Fetch-Site", "Access-Control-Request-Method", "Access-Control-Request-Headers",
        "Content-Encoding",
        "Content-Language", "Content-Range", "X-Real-IP", "Date", "Via", "Max-Forwards", "Pragma", "X-Nothing",
    ];

    private static readonly string[] Credentials =
    [
        "Bearer", "Bearer ", "Bearer  x", "bearer x", "BEARER x y", "Bearer\tx", "Basic YWRtaW46YWRtaW4=", "Digest x", "Bearer Bearer x", "Negotiate",
        ",", "Bearer x, Bearer y", "Bearer ..", "Bearer \"x\"",
    ];

    private static readonly string[] Particular =
    [
        "Expect: 100-continue", "Expect: x", "Connection: Upgrade, HTTP2-Settings", "Connection: close", "Connection: x, keep-alive",
        "Upgrade: websocket", "Upgrade: h2c", "TE: trailers",
        "Trailer: Authorization", "Origin: null", "Sec-Fetch-Site: cross-site", "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff", "X-Forwarded-For: 198.51.100.1, ::1, x, 1.2.3.4:99999",
        "X-Forwarded-Proto: https, http, x",
        "Forwarded: for=\"[::1]\";proto=https;host=evil.example", "Range: bytes=0-18446744073709551615", "If-None-Match: *", "If-None-Match: \"x",
        "If-Modified-Since: yesterday",
        "Accept-Encoding: gzip;q=2, *;q=x", "Cookie: refreshToken=x; refreshToken=y; =; ;;", "Cookie: $Version=1; refreshToken=\"x",
        "Keep-Alive: timeout=99999999999",
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("a header is odd", (request, random) => request.With(Name(request, random), Any(random))) { MayBreakHttp = true, MayBeUnfinished = true },
        new("a header is odd", (request, random) => request.With(Name(request, random), Any(random))) { MayBreakHttp = true, MayBeUnfinished = true },
        new("a header is doubled", (request, random) => request.Add(Name(request, random), Any(random))) { MayBreakHttp = true, MayBeUnfinished = true },
        new("a header is repeated", (request, random) => Repeat(request, random)) { MayBreakHttp = true },
        new("a header is huge", (request, random) => request.With(Name(request, random), new string('h', 7_000 * random.Next(1, 7)))) { MayBreakHttp = true },
        new("the credential is odd", (request, random) => request.With("Authorization", Credentials[random.Next(Credentials.Length)])) { MayBreakHttp = true },
        new("the credential is changed", ChangeCredential),
        new("there is no credential", (request, _) => request.Without("Authorization").Without("Cookie")),
        new("a header of some meaning", AddParticular) { MayBreakHttp = true, MayBeUnfinished = true },
        new("there are many headers", (request, random) => Enumerable.Range(0, random.Next(50, 150)).Aggregate(request, (filled, number) =>
            filled.Add($"X-{number.ToString(CultureInfo.InvariantCulture)}", "x"))) { MayBreakHttp = true },
    ];

    /// <summary>Returns the name of a header, half of the time one that the request has.</summary>
    private static string Name(RawRequest request, Random random)
    {
        var own = request.Headers.Select(header => header.Name).Where(name => name is not ("Host" or "Content-Type")).ToArray();
        return own.Length > 0 && random.Next(2) is 0 ? own[random.Next(own.Length)] : Names[random.Next(Names.Length)];
    }

    private static RawRequest AddParticular(RawRequest request, Random random)
    {
        var header = Particular[random.Next(Particular.Length)].Split(": ");
        return request.With(header[0], header[1]);
    }

    private static RawRequest Repeat(RawRequest request, Random random)
    {
        var (name, value) = request.Headers[random.Next(request.Headers.Count)];
        return Enumerable.Range(0, random.Next(1, 20)).Aggregate(request, (repeated, _) => repeated.Add(name, value));
    }

    private static RawRequest? ChangeCredential(RawRequest request, Random random)
    {
        var (name, value) = request.Headers.Find(header => header.Name is "Authorization" or "Cookie");
        if (name is null)
            return null;
        var at = random.Next(7, value.Length);
        return request.With(name, random.Next(3) switch
        {
            0 => value[..at],
            1 => $"{value[..at]}{(char)random.Next('!', '~')}{value[(at + 1)..]}",
            _ => value.Insert(at, random.Next(2) is 0 ? "." : new string('A', 9_000)),
        });
    }
}
