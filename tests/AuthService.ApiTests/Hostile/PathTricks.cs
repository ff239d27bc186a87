namespace AuthService.ApiTests.Hostile;

/// <summary>Other spellings of a path. They could pass a check that reads the path before or after the router does.</summary>
internal static class PathTricks
{
    /// <summary>Returns the spellings. Each is sent exactly as written here.</summary>
    public static IEnumerable<string> Of(string path)
    {
        var (first, rest) = (path.Split('/')[1], path[(path.Split('/')[1].Length + 1)..]);
        return
        [
            path, path.ToUpperInvariant(), $"/{path}", path.Replace("/", "//", StringComparison.Ordinal), $"{path}/", $"{path}//", $"{path}.",
            $"{path}/.", $"{path}..;/", $"{path};", $"{path};x=1",
            $"{path}%20", $"{path}%09", $"{path}%00", $"{path}%0d%0a", $"{path}%23", $"{path}%3f", $"{path}?x=1", $"{path}?access_token=x",
            $"{path}%2f", $"{path}.json", $"{path}~", $"{path}*",
            $"/{Encoded(first)}{rest}", $"/{Encoded(Encoded(first))}{rest}", $"/{first}.{rest}", $"/{first};x=1{rest}",
            $"/{first}%2f{rest.TrimStart('/')}", $"/{first}/.{rest}",
            $"/{first}/%2e{rest}", $"/{first}/x/..{rest}", $"/{first}/x/%2e%2e{rest}", $"/{first}%5c{rest.TrimStart('/')}",
            $"/{first}{rest.Replace('/', '\\')}", $"/.{path}", $"/%2e{path}",
            $"/health/..{path}", $"/health/%2e%2e{path}", $"/.well-known/..{path}", $"/.well-known/..;{path}", $"/health/live{path}", $"/health%2f..{path}",
        ];
    }

    /// <summary>Returns the address of a spelling. The client does not normalize it.</summary>
    public static Uri AddressOf(Uri server, string path) =>
        new($"http://{server.Authority}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static string Encoded(string text) => text.StartsWith('%') ? $"%25{text[1..]}" : $"%{(int)text[0]:x2}{text[1..]}";
}
