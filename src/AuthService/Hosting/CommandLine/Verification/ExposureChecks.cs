using System.Net;
using System.Text.Json;
using AuthService.Tokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks what the deployment shows to everybody. These checks change nothing.</summary>
internal sealed class ExposureChecks(Deployment deployment)
{
    private const string Metadata = "/.well-known/oauth-authorization-server";
    private const string Elsewhere = "https://verify.invalid";
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];

    private static readonly (string Name, string Value)[] Everywhere =
    [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ];

    /// <summary>One call for each kind of response: keys, metadata, an error of an API, a missing authorization, a missing page.</summary>
    private static readonly Call[] Samples =
    [
        new(HttpMethod.Get, PublicNames.WellKnownPrefix + PublicNames.Keys), new(HttpMethod.Get, Metadata),
        new(HttpMethod.Post, "/auth/refresh"), new(HttpMethod.Get, "/admin/principals"), new(HttpMethod.Get, "/verify-no-such-page"),
    ];

    public IEnumerable<Check> All() =>
    [
        new("address", "is https", IsHttpsAsync),
        new("keys", "are published, and no private part of them", KeysArePublicAsync),
        new("metadata", "leads to this address", MetadataLeadsHereAsync),
        new("headers", "stand in every answer", HeadersStandAsync),
        new("headers", "forbid caches to keep answers of the APIs", AnswersAreNotKeptAsync),
        new("origins", "of others may not read with credentials", OthersMayNotReadAsync),
        new("errors", "are in the format of their API", ErrorsHaveTheirFormatAsync),
    ];

    private Task IsHttpsAsync() => deployment.IsHttps
        ? Task.CompletedTask
        : throw (deployment.Address.IsLoopback
            ? new CheckLeftOutException($"{deployment.Address} is this machine")
            : new CheckFailedException($"{deployment.Address} is not: passwords, cookies and tokens go over the network in the clear"));

    private async Task KeysArePublicAsync()
    {
        var answer = (await deployment.GetAsync(PublicNames.WellKnownPrefix + PublicNames.Keys)).Expect(HttpStatusCode.OK);
        var keys = answer.Json.GetProperty("keys").EnumerateArray().ToList();
        var shown = keys.SelectMany(key => PrivateMembers.Where(member => key.TryGetProperty(member, out _))).ToList();
        CheckFailedException.Unless(shown.Count == 0, $"{answer.Call} shows {string.Join(", ", shown)}: renew these keys at once");
        if (keys.Count == 0)
            throw new CheckLeftOutException("tokens are signed with a shared secret, and none is published");
    }

    private async Task MetadataLeadsHereAsync()
    {
        var answer = (await deployment.GetAsync(Metadata)).Expect(HttpStatusCode.OK);
        var astray = answer.Json.EnumerateObject()
            .Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name is "jwks_uri")
            .Where(member => member.Value.ValueKind is JsonValueKind.String)
            .Where(member => !member.Value.GetString()!.StartsWith(deployment.Address.AbsoluteUri.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase))
            .Select(member => $"{member.Name} is {member.Value.GetString()}").ToList();
        CheckFailedException.Unless(astray.Count == 0, $"{string.Join("; ", astray)}: set PublicAddress to what clients use, or verify that address");
    }

    private async Task HeadersStandAsync()
    {
        List<string> missing = [];
        foreach (var sample in Samples)
        {
            var answer = await deployment.SendAsync(sample);
            missing.AddRange(Everywhere.Where(header => answer.Header(header.Name) != header.Value).Select(header => $"{answer.Call}: {header.Name}"));
            if (answer.Header("Content-Security-Policy") is null)
                missing.Add($"{answer.Call}: Content-Security-Policy");
            if (deployment.IsHttps && answer.Header("Strict-Transport-Security") is null)
                missing.Add($"{answer.Call}: Strict-Transport-Security");
        }

        CheckFailedException.Unless(missing.Count == 0, string.Join("; ", missing));
    }

    private async Task AnswersAreNotKeptAsync()
    {
        foreach (var sample in Samples.Where(sample => !sample.Path.StartsWith(PublicNames.WellKnownPrefix, StringComparison.Ordinal)))
        {
            var answer = await deployment.SendAsync(sample);
            var control = answer.Header("Cache-Control") ?? "";
            CheckFailedException.Unless(control.Contains("no-store", StringComparison.Ordinal), $"{answer.Call} has Cache-Control \"{control}\"");
        }
    }

    private async Task OthersMayNotReadAsync()
    {
        foreach (var sample in Samples)
        {
            var answer = await deployment.SendAsync(sample with { Headers = [("Origin", Elsewhere)] });
            var isAllowed = answer.Header("Access-Control-Allow-Origin") is "*" or Elsewhere && answer.Header("Access-Control-Allow-Credentials") is not null;
            CheckFailedException.Unless(!isAllowed, $"{answer.Call} may be read with credentials from {Elsewhere}");
        }
    }

    private async Task ErrorsHaveTheirFormatAsync()
    {
        foreach (var (method, path, members) in Errors())
        {
            var answer = await deployment.SendAsync(new Call(method, path));
            CheckFailedException.Unless((int)answer.Status is >= 400 and < 500, $"{answer.Call} was answered {(int)answer.Status}");
            foreach (var member in members.Append("traceId"))
                answer.Member(member);
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path, string[] Members)> Errors() =>
    [
        (HttpMethod.Post, "/auth/refresh", ["why"]), (HttpMethod.Get, "/account/auth/sessions", ["message", "status"]),
        (HttpMethod.Get, $"/sessions/{Guid.Empty}", ["message", "description"]), (HttpMethod.Get, "/api/v1/app/", ["code", "detail"]),
        (HttpMethod.Get, "/admin/principals", ["code"]), (HttpMethod.Post, "/oauth/introspect", ["error", "error_description"]),
    ];
}
