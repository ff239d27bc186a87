using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

[Collection("sqlite")]
public sealed class DocumentTests(SqliteStore store)
{
    /// <summary>Who may be called by whom is part of the contract: a route that comes or goes is seen here.</summary>
    private const string Routes =
        """
        DELETE /account/auth/sessions token
        DELETE /account/auth/sessions/all token
        DELETE /account/auth/sessions/{sessionId} token
        DELETE /admin/principals/{id} token
        DELETE /auth/sessions token
        DELETE /sessions token
        DELETE /sessions/expired token
        DELETE /sessions/{uuid} token
        DELETE /sessions/{uuid}/tokens/{tokenId} token
        GET /.well-known/jwks.json public
        GET /.well-known/oauth-authorization-server public
        GET /account/auth/sessions token
        GET /account/auth/sessions/active token
        GET /account/auth/sessions/count token
        GET /admin/principals token
        GET /admin/principals/{id} token
        GET /auth/sessions token
        GET /sessions/{uuid} token
        GET /sessions/{uuid}/tokens/{tokenId} token
        PATCH /admin/principals/{id} token
        POST /admin/principals token
        POST /admin/principals/{id}/refresh-token token
        POST /admin/principals/{id}/unlock token
        POST /auth/claim token
        POST /auth/extend token
        POST /auth/login public
        POST /auth/logout public
        POST /auth/logout/bulk token
        POST /auth/logout/web public
        POST /auth/refresh public
        POST /auth/refresh/web public
        POST /auth/request token
        POST /sessions token
        POST /sessions/{uuid}/enable token
        POST /sessions/{uuid}/enable/{product} token
        POST /sessions/{uuid}/impersonate token
        POST /sessions/{uuid}/revertIdentity token
        PUT /admin/principals/{id}/password token
        PUT /sessions/{uuid}/tokens/{tokenId} token
        """;

    private static readonly Dictionary<string, (string ContentType, string Members)> Dialects = new(StringComparer.Ordinal)
    {
        ["auth"] = ("application/json", "why errorCode traceId"),
        ["account"] = ("application/json", "message status traceId"),
        ["sessions"] = ("application/json", "message description traceId"),
        ["admin"] = ("application/problem+json", "type title status detail code traceId"),
        ["well-known"] = ("application/json", "error error_description traceId"),
    };

    [Fact]
    public async Task The_routes_are_these()
    {
        var routes = (await store.Host.ListOperationsAsync()).Select(operation => $"{operation} {(operation.NeedsToken ? "token" : "public")}");

        Assert.Equal(Routes, string.Join('\n', routes.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Operations_that_say_they_need_a_token_are_those_that_refuse_to_go_without()
    {
        foreach (var operation in await store.Host.ListOperationsAsync())
        {
            using var response = await store.Host.SendAsync(operation.Method, operation.SomePath);
            var refused = (int)response.StatusCode is 401;
            Assert.True(operation.NeedsToken ? refused : !refused || TakesRefreshToken(operation), $"{operation} answers {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_operation_has_a_summary() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation =>
            Assert.True(operation.Description.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 10, $"{operation}"));

    [Fact]
    public async Task Every_refusal_is_described_in_the_words_of_its_surface()
    {
        var refusals = from operation in await store.Host.ListOperationsAsync()
                       from answer in operation.Answers
                       where answer.Status >= 400
                       select (Operation: operation, answer.Status, answer.Answer);

        Assert.All(refusals, refusal =>
        {
            var (contentType, members) = Dialects[refusal.Operation.Surface];
            var content = Assert.Single(refusal.Answer.GetProperty("content").EnumerateObject());
            Assert.Equal(contentType, content.Name);
            Assert.Equal(members, string.Join(' ', refusal.Operation.MembersOf(content.Value.GetProperty("schema"))));
        });
        Assert.Contains(refusals, refusal => refusal.Status == 409);
    }

    [Fact]
    public async Task Every_answer_with_a_body_has_a_schema() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation => Assert.All(operation.Answers.Where(answer => HasBody(operation, answer.Status)), answer =>
            Assert.All(answer.Answer.GetProperty("content").EnumerateObject(), content =>
                Assert.True(content.Value.TryGetProperty("schema", out _), $"{operation} {answer.Status} {content.Name}"))));

    /// <summary>SPEC 4 answers a revocation with 200 and nothing in it.</summary>
    private static bool HasBody(ApiOperation operation, int status) =>
        status is 200 or 201 && !$"{operation}".StartsWith("DELETE /account/", StringComparison.Ordinal);

    [Fact]
    public async Task Every_operation_that_needs_a_token_says_how_it_refuses_others() =>
        Assert.All((await store.Host.ListOperationsAsync()).Where(operation => operation.NeedsToken), operation =>
            Assert.True(operation.Answers.Count(answer => answer.Status is 401 or 403) == 2, $"{operation} lacks 401 or 403"));

    [Theory]
    [InlineData("POST /auth/refresh/web", "X-CSRFToken")]
    [InlineData("POST /auth/logout/web", "X-CSRFToken")]
    [InlineData("POST /auth/claim", "jti")]
    [InlineData("POST /auth/request", "audience")]
    [InlineData("GET /auth/sessions", "itemsPerPage")]
    [InlineData("GET /auth/sessions", "page")]
    [InlineData("GET /admin/principals", "query")]
    [InlineData("GET /admin/principals", "itemsPerPage")]
    [InlineData("GET /admin/principals", "page")]
    public async Task Parameters_are_described(string operation, string parameter)
    {
        var described = Assert.Single(await store.Host.ListOperationsAsync(), candidate => candidate.ToString() == operation);

        Assert.True(described.Description.TryGetProperty("parameters", out var parameters), "No parameters at all");
        Assert.Contains(parameters.EnumerateArray(), candidate => candidate.Text("name") == parameter);
    }

    [Theory]
    [InlineData("POST /auth/login", "username")]
    [InlineData("POST /auth/logout/bulk", "tokens")]
    [InlineData("POST /auth/claim", "jti")]
    [InlineData("POST /auth/request", "audience")]
    [InlineData("POST /auth/extend", "validJWT")]
    [InlineData("POST /admin/principals", "id")]
    [InlineData("PATCH /admin/principals/{id}", "state")]
    [InlineData("PUT /admin/principals/{id}/password", "password")]
    public async Task Bodies_are_described(string operation, string member)
    {
        var described = Assert.Single(await store.Host.ListOperationsAsync(), candidate => candidate.ToString() == operation);

        Assert.True(described.Description.TryGetProperty("requestBody", out var body), "No body at all");
        Assert.All(body.GetProperty("content").EnumerateObject(), content =>
            Assert.Contains(described.MembersOf(content.Value.GetProperty("schema")), name => name == member));
    }

    private static bool TakesRefreshToken(ApiOperation operation) => operation.Path is "/auth/refresh" or "/auth/logout";
}
