using System.Net;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>The rules for bodies hold for every operation (SECURITY 17). The tests use the examples of the documents.</summary>
public sealed class BodyRuleTests(TrustingOnSqlite store) : IClassFixture<TrustingOnSqlite>
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    /// <summary>Operations that refuse unknown members, because such a member may have asked for less than would be done.</summary>
    private static readonly string[] OfKnownMembersAlone =
    [
        "POST /api/v1/auth/app/{app_id}/expire-all", "POST /admin/principals/{id}/refresh-token", "POST /admin/principals/{id}/api-keys",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AuthHost _host = store.Host;
    private Task<string>? _serviceToken;

    [Fact]
    public async Task A_key_that_is_given_twice_is_400()
    {
        foreach (var (operation, example) in await ListJsonObjectsAsync())
        {
            var (members, name) = (example[1..], example[1..example.IndexOf(':', StringComparison.Ordinal)]);
            var escaped = $"\"\\u{(int)name[1]:x4}{name[2..]}";
            var otherCase = name.ToUpperInvariant();
            foreach (var twice in new[] { $"{name}:null", $"{escaped}:null", $"{otherCase}:null", "\"other\":1,\"other\":1", "\"x\":[{\"y\":1,\"y\":2}]" })
                await ExpectAsync(HttpStatusCode.BadRequest, operation, $"{{{twice},{members}");
        }
    }

    [Fact]
    public async Task Sixteen_levels_are_read_and_seventeen_are_400()
    {
        foreach (var (operation, example) in (await ListJsonObjectsAsync()).Where(body => body.Operation.Path is not "/account/identities/start"))
        {
            using (var answer = await SendAsync(operation, With(15)))
                Assert.True(OfKnownMembersAlone.Contains($"{operation}") == await answer.IsAboutFormAsync(), $"{operation}: {answer.StatusCode}");
            await ExpectAsync(HttpStatusCode.BadRequest, operation, With(16));
            await ExpectAsync(HttpStatusCode.BadRequest, operation, With(20_000));

            string With(int arrays) => $"{{\"x\":{HostileTexts.Nested(arrays)},{example[1..]}";
        }
    }

    /// <summary>A caller may have sent a token where the name of a member belongs.</summary>
    [Fact]
    public async Task A_refusal_repeats_no_name_of_a_member_that_is_none()
    {
        const string Token = "eyJhbGciOiJub25lIn0.e30.";
        List<string> refused = [];
        foreach (var (operation, example) in await ListJsonObjectsAsync())
        {
            using var answer = await SendAsync(operation, $"{{\"{Token}\":1,{example[1..]}");
            Assert.DoesNotContain(Token, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
                refused.Add($"{operation}");
        }

        Assert.All(OfKnownMembersAlone, operation => Assert.Contains(operation, refused, StringComparer.Ordinal));
    }

    /// <summary>The service neither checks the credential nor waits for a byte of the body.</summary>
    [Fact]
    public async Task A_body_that_announces_itself_as_too_large_is_413_before_it_is_sent()
    {
        foreach (var operation in await _host.ListAllOperationsAsync())
        {
            var wire = $"{operation.Method} {operation.SomePath} HTTP/1.1\r\nHost: x\r\nContent-Length: {MostOf(operation) + 1}\r\n\r\n";

            ExpectRefusal(operation, 413, await SendAsync(new RawRequest($"{operation.Method}", operation.SomePath) { Wire = wire }));
        }
    }

    [Fact]
    public async Task A_body_that_turns_out_to_be_too_large_is_413()
    {
        foreach (var body in (await _host.ListAllOperationsAsync()).SelectMany(operation => operation.Bodies).Where(body => body.Status is null))
        {
            var most = MostOf(body.Operation);
            var request = await RequestAsync(body);
            var text = body.ContentType switch
            {
                "application/json" => $"{{\"x\":\"{new string('x', most)}\"}}",
                "multipart/form-data" => $"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n{new string('x', most)}\r\n--b--\r\n",
                _ => $"x={string.Join('&', Enumerable.Repeat(new string('x', 1_000), (most / 1_000) + 1))}",
            };
            var chunk = $"{text.Length:x}\r\n{text}\r\n0\r\n\r\n";

            ExpectRefusal(body.Operation, 413, await SendAsync(request with { Wire = request.Write(Chunked, chunk) }));
        }
    }

    /// <summary>The server reports a size that is not a number and one that is too large as two different errors.</summary>
    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFF")]
    [InlineData("7G")]
    public async Task A_body_whose_chunks_have_impossible_sizes_is_400(string size)
    {
        foreach (var body in (await _host.ListAllOperationsAsync()).SelectMany(operation => operation.Bodies).Where(body => body.Status is null))
        {
            var request = await RequestAsync(body);

            ExpectRefusal(body.Operation, 400, await SendAsync(request with { Wire = request.Write(Chunked, $"{size}\r\n{{}}\r\n0\r\n\r\n") }));
        }
    }

    private static void ExpectRefusal(ApiOperation operation, int status, RawAnswer? answer)
    {
        Assert.True(answer is not null && answer.Status == status, $"{operation}: {answer}");
        if (operation.AnswersWithPages)
            Assert.StartsWith("text/html", answer.Header("Content-Type"), StringComparison.Ordinal);
        else
            Assert.Equal(Dialect.Of(operation.Surface).Members, Dialects.MembersOf(answer.Body));
    }

    /// <summary>
    /// Returns the limits of src/AuthService/README.md#common-rules. A stored token has at most 64 KiB, and JSON may write each of its bytes as six.
    /// </summary>
    private static int MostOf(ApiOperation operation) => $"{operation}" switch
    {
        "POST /auth/logout/bulk" => 2 * 1024 * 1024,
        "PUT /sessions/{uuid}/tokens/{tokenId}" => (6 * 64 * 1024) + 2,
        _ => 64 * 1024,
    };

    private static string PathOf(ApiOperation operation) =>
        operation.With("{uuid}", "0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204").With("{app_id}", "acme-orders").With("{product}", "EQUISOFT_CONNECT")
            .With("{title}", TrustingHost.Title).SomePath;

    private Task<RawAnswer?> SendAsync(RawRequest request) => RawAnswer.OfAsync(_host.Address, request, Patience);

    private async Task<RawRequest> RequestAsync(DocumentedBody body) => new RawRequest($"{body.Operation.Method}", PathOf(body.Operation))
        .Add("Host", "x").Add("Authorization", $"Bearer {await TokenForAsync(body.Operation)}")
        .Add("Content-Type", body.ContentType is "multipart/form-data" ? "multipart/form-data; boundary=b" : body.ContentType);

    private Task<string> TokenForAsync(ApiOperation operation) =>
        operation.IsForServicesAlone ? _serviceToken ??= _host.NewServiceTokenAsync() : _host.AdminTokenAsync();

    private async Task<IReadOnlyList<(ApiOperation Operation, string Example)>> ListJsonObjectsAsync()
    {
        var examples = from operation in await _host.ListOperationsAsync()
                       from body in operation.Bodies
                       where body is { Status: null, ContentType: "application/json" }
                       from example in body.Examples.Values
                       where example.ValueKind is JsonValueKind.Object
                       select (operation, JsonSerializer.Serialize(example));
        return [.. examples];
    }

    private async Task ExpectAsync(HttpStatusCode status, ApiOperation operation, string body)
    {
        using var answer = await SendAsync(operation, body);
        Assert.True(answer.StatusCode == status, $"{operation}: {answer.StatusCode} to {body[..Math.Min(200, body.Length)]}");
    }

    private async Task<HttpResponseMessage> SendAsync(ApiOperation operation, string body) =>
        await _host.SendAsync(operation.Method, PathOf(operation), await TokenForAsync(operation), new StringContent(body, Encoding.UTF8, "application/json"));
}
