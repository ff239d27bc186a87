using static AuthService.ApiTests.Hostile.Fuzzing.HostileTexts;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Changes methods, paths and queries to unusual ones.</summary>
internal static class TargetMutations
{
    private static readonly string[] Methods =
        ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "Post", "X", "GET-", new('M', 30)];

    private static readonly string[] Odd =
    [
        "%2F", "%2f..%2f", "%5C", "\\", "..", ".", "%2e%2e", "%252e%252e", ";x=y", "%3B", "%0d%0aX:%20y", "%00", "%20", "+", "%", "%zz", "%u0041",
        "%C0%AF", "%ED%A0%80", "%FF", "%EF%BB%BF",
        "~", "*", "'", "\"", "<", "{x}", "[", "|", "^", "`", "@", ":", "$", "!",
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("another method", (request, random) => request with { Method = Methods[random.Next(Methods.Length)] }),
        new("the path has more slashes", AddSlashes),
        .. OfPath(),
        .. OfQuery(),
    ];

    private static IEnumerable<Mutation> OfPath() =>
        from mutation in new Mutation[]
        {
            new("a part of the path is another", (request, random) => ChangeSegment(request, random, _ => Escaped(Any(random)))),
            new("a part of the path is odd", (request, random) => ChangeSegment(request, random, segment => segment + AnyOdd(random))),
            new("a part of the path begins oddly", (request, random) => ChangeSegment(request, random, segment => AnyOdd(random) + segment)),
            new("a part of the path is written otherwise", (request, random) => ChangeSegment(request, random, segment => Otherwise(segment, random))),
            new("a part of the path is huge", (request, random) => ChangeSegment(request, random, _ => new string('p', 2_000 * random.Next(1, 8)))),
            new("the path has raw bytes", (request, random) => ChangeSegment(request, random, _ => Any(random))) { MayBeUnfinished = true },
            new("the target is no path", (request, random) => request with { Target = NoPath(request, random) }),
        }
        select mutation with { MayBreakHttp = true };

    private static IEnumerable<Mutation> OfQuery() =>
        from mutation in new Mutation[]
        {
            new("a parameter is another", ChangeParameter),
            new("a parameter is another", ChangeParameter),
            new("a parameter is doubled", (request, random) => AddParameter(request, random, name => $"{name}=1&{name}={Escaped(Any(random))}")),
            new("a parameter has no value", (request, random) => AddParameter(request, random, name => random.Next(2) is 0 ? name : $"{name}=")),
            new("a parameter has raw bytes", (request, random) => AddParameter(request, random, name => $"{name}={Any(random)}")) { MayBeUnfinished = true },
            new("there are too many parameters", (request, random) => AddParameter(request, random, TooMany)),
            new("the query is odd", (request, random) => request with { Target = $"{Path(request)}?{string.Concat(random.GetItems(Odd, 5))}" }),
        }
        select mutation with { MayBreakHttp = true };

    private static string TooMany(string name) => string.Join('&', Enumerable.Repeat($"{name}=x", 700));

    private static string AnyOdd(Random random) => Odd[random.Next(Odd.Length)];

    private static RawRequest AddSlashes(RawRequest request, Random random) => request with
    {
        Target = random.Next(3) switch
        {
            0 => request.Target.Insert(Path(request).Length, "/"),
            1 => $"/{request.Target}",
            _ => request.Target.Replace("/", "//", StringComparison.Ordinal),
        },
    };

    /// <summary>The names of the parameters in the documents. The service ignores all others.</summary>
    private static readonly string[] Parameters =
    [
        "audience", "jti", "itemsPerPage", "page", "keepAlive", "get_if_exists", "limit", "iterator", "order", "principal", "actor", "event", "from",
        "to", "cursor", "query", "role", "state",
        "access_token", "username", "service", "back", "code", "error", "x",
    ];

    private static string Path(RawRequest request) => request.Target.Split('?')[0];

    private static RawRequest ChangeSegment(RawRequest request, Random random, Func<string, string> change)
    {
        var segments = Path(request).Split('/');
        var at = random.Next(1, segments.Length);
        segments[at] = change(segments[at]);
        return request with { Target = string.Join('/', segments) + request.Target[Path(request).Length..] };
    }

    private static string Otherwise(string segment, Random random) => random.Next(4) switch
    {
        0 => segment.ToUpperInvariant(),
        1 => string.Concat(segment.Select(character => $"%{(int)character:x2}")),
        2 => string.Concat(segment.Select(character => $"%25{(int)character:x2}")),
        _ => segment.Length is 0 ? "%20" : segment[..^1],
    };

    private static string NoPath(RawRequest request, Random random)
    {
        string[] targets =
        [
            "*", "", "x", "?", "#", $"{request.Target}#x", $"http://evil.example{request.Target}", $"http://127.0.0.1{request.Target}",
            $"https://127.0.0.1{request.Target}", "evil.example:443",
            $"//evil.example{request.Target}", request.Target.TrimStart('/'), $"{request.Target} x", $"\\{request.Target}", "/", "/..", "/../../..",
            new string('/', 5_000), $"{request.Target}\t",
        ];
        return targets[random.Next(targets.Length)];
    }

    private static RawRequest ChangeParameter(RawRequest request, Random random) => AddParameter(request, random, name => $"{name}={Escaped(Any(random))}");

    private static RawRequest AddParameter(RawRequest request, Random random, Func<string, string> write)
    {
        var query = request.Target[Path(request).Length..];
        var own = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]).ToArray();
        var name = own.Length > 0 && random.Next(4) > 0 ? own[random.Next(own.Length)] : Parameters[random.Next(Parameters.Length)];
        var others = query.TrimStart('?').Split('&').Where(pair => pair.Length > 0 && !pair.StartsWith($"{name}=", StringComparison.Ordinal));
        return request with { Target = $"{Path(request)}?{string.Join('&', others.Append(write(name)))}" };
    }
}
