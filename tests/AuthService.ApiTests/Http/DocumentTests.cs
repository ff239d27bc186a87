using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace AuthService.ApiTests.Http;

[Collection("sqlite 2")]
public sealed class DocumentTests(SqliteStore store)
{
    [Fact]
    public async Task The_routes_are_these()
    {
        var routes = (await store.Host.ListOperationsAsync()).Select(operation => $"{operation} {(operation.NeedsToken ? "token" : "public")}");

        Assert.Equal(RouteList.All, string.Join('\n', routes.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task What_the_documents_leave_out_is_in_the_list_that_tests_of_all_operations_walk()
    {
        var documented = (await store.Host.ListOperationsAsync()).Select(operation => $"{operation}").ToHashSet(StringComparer.Ordinal);
        var others = from route in store.Host.ListRoutes()
                     from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
                     let operation = $"{method} /{route.RoutePattern.RawText!.Trim('/')}"
                     where method is not "HEAD" && !documented.Contains(operation)
                     select operation;

        Assert.Equal(
            UndocumentedRoutes.All.Select(operation => $"{operation}").Order(StringComparer.Ordinal), others.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Operations_that_say_they_need_a_token_are_those_that_refuse_to_go_without()
    {
        foreach (var operation in await store.Host.ListOperationsAsync())
        {
            using var response = await store.Host.SendAsync(operation.Method, operation.SomePath);
            var refused = (int)response.StatusCode is 401;
            Assert.True(operation.NeedsToken ? refused : !refused || operation.TakesOtherBearer, $"{operation} answers {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Operations_that_take_another_token_as_bearer_say_which()
    {
        var others = from operation in await store.Host.ListOperationsAsync()
                     from scheme in operation.Schemes
                     where scheme is not ("Bearer" or "Basic")
                     select $"{operation} {scheme}";

        Assert.Equal(
            ["GET /api/v1/app/{app_id} AppToken", "POST /api/v1/auth/logout AppToken", "POST /auth/logout RefreshToken", "POST /auth/refresh RefreshToken"],
            others.Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Each_kind_of_bearer_says_what_it_looks_like()
    {
        var document = (await store.Host.ListOperationsAsync()).First(operation => operation.Surface is "sessions").Document;
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        (string Scheme, string Says)[] kinds = [("Bearer", "API key (`sk_…`)"), ("RefreshToken", "`rt_…`"), ("AppToken", "`appsk_…`")];

        Assert.All(kinds, kind =>
        {
            var scheme = schemes.GetProperty(kind.Scheme);
            Assert.Equal(("http", "bearer"), (scheme.Text("type"), scheme.Text("scheme")));
            Assert.Contains(kind.Says, scheme.Text("description"), StringComparison.Ordinal);
        });
        Assert.Contains("`Authorization: Bearer sk_…`", document.GetProperty("info").Text("description"), StringComparison.Ordinal);
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
                       where answer.Status >= 400 && !operation.AnswersWithPages
                       select (Operation: operation, answer.Status, answer.Answer);

        Assert.All(refusals, refusal =>
        {
            var dialect = Dialect.Of(refusal.Operation.Surface);
            var content = Assert.Single(refusal.Answer.GetProperty("content").EnumerateObject());
            Assert.Equal(dialect.ContentType, content.Name);
            var members = refusal.Operation.MembersOf(content.Value.GetProperty("schema"));
            Assert.Equal(dialect.MembersAt(refusal.Status) + dialect.Sometimes, string.Join(' ', members));
        });
        Assert.Contains(refusals, refusal => refusal.Status == 409);
    }

    [Fact]
    public async Task Refusals_that_come_as_pages_are_documented_as_pages()
    {
        var operation = Assert.Single(await store.Host.ListOperationsAsync(), operation => operation.AnswersWithPages);
        using var answer = await store.Host.Http.GetAsync($"{operation.Path}?id=99");

        var documented = operation.Bodies.Where(body => body.Status >= 400).Select(body => ((int)body.Status!, body.ContentType));
        Assert.Equal([(400, "text/html"), (429, "text/html"), (503, "text/html")], documented);
        Assert.Contains(((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType!), documented);
    }

    [Fact]
    public async Task Every_answer_with_a_body_has_a_schema() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation =>
            Assert.All(operation.Answers.Where(answer => HasBody(operation, answer.Status)), answer =>
            Assert.All(answer.Answer.GetProperty("content").EnumerateObject(), content =>
                Assert.True(content.Value.TryGetProperty("schema", out _), $"{operation} {answer.Status} {content.Name}"))));

    /// <summary>
    /// Returns whether a response has a body. The Account API and RFC 7009 answer a revocation with an empty 200, and so do the operations that set a password
    /// (src/AuthService/README.md).
    /// </summary>
    private static bool HasBody(ApiOperation operation, int status) =>
        status is 200 or 201 && !$"{operation}".StartsWith("DELETE /account/", StringComparison.Ordinal)
        && operation.Path is not ("/oauth/revoke" or "/api/password/reset" or "/api/password/reset/new" or "/auth/users/password");

    [Fact]
    public async Task Every_operation_that_needs_a_token_says_how_it_refuses_others() =>
        Assert.All((await store.Host.ListOperationsAsync()).Where(operation => operation.NeedsToken), operation =>
            Assert.True(operation.Answers.Count(answer => answer.Status is 401 or 403) == 2, $"{operation} lacks 401 or 403"));

    [Fact]
    public async Task Every_operation_says_that_it_may_be_refused_for_load_and_for_want_of_the_store() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation =>
            Assert.True(operation.Answers.Count(answer => answer.Status is 429 or 503) == 2, $"{operation} lacks 429 or 503"));

    [Fact]
    public async Task Every_operation_with_a_body_says_how_it_refuses_a_bad_and_a_large_one() =>
        Assert.All((await store.Host.ListOperationsAsync()).Where(operation => operation.Description.TryGetProperty("requestBody", out _)), operation =>
            Assert.True(operation.Answers.Count(answer => answer.Status is 400 or 413) == 2, $"{operation} lacks 400 or 413"));

    [Fact]
    public async Task A_status_has_every_form_that_it_can_come_in()
    {
        var get = Assert.Single(await store.Host.ListOperationsAsync(), operation => operation.ToString() == "GET /ssf/stream");

        var body = Assert.Single(get.Bodies, body => body.Status is 200);
        var forms = body.Schema.GetProperty("oneOf").EnumerateArray().Select(form => form.TryGetProperty("type", out var type) ? type.GetString() : "object");
        Assert.Equal(["array", "object"], forms.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(2, body.Examples.Count);
    }

    [Fact]
    public async Task A_status_has_every_content_type_that_it_can_come_with()
    {
        var login = Assert.Single(await store.Host.ListOperationsAsync(), operation => operation.ToString() == "POST /auth/login");

        var types = login.Bodies.Where(body => body.Status is 200).Select(body => body.ContentType);
        Assert.Equal("application/json text/html", string.Join(' ', types.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Every_parameter_says_what_it_is() =>
        Assert.All(await store.Host.ListOperationsAsync(), operation => Assert.All(operation.Parameters, parameter =>
            Assert.True(parameter.TryGetProperty("description", out var text) && text.GetString()!.Length > 5, $"{operation}: {parameter.Text("name")}")));

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
    [InlineData("GET /admin/principals/{id}/sessions", "itemsPerPage")]
    [InlineData("GET /admin/audit", "principal")]
    [InlineData("GET /admin/audit", "actor")]
    [InlineData("GET /admin/audit", "event")]
    [InlineData("GET /admin/audit", "from")]
    [InlineData("GET /admin/audit", "to")]
    [InlineData("GET /admin/audit", "limit")]
    [InlineData("GET /admin/audit", "cursor")]
    [InlineData("GET /ssf/stream", "stream_id")]
    [InlineData("DELETE /ssf/stream", "stream_id")]
    [InlineData("GET /ssf/status", "stream_id")]
    public async Task Parameters_are_described(string operation, string parameter)
    {
        var described = Assert.Single(await store.Host.ListOperationsAsync(), candidate => candidate.ToString() == operation);

        Assert.Contains(described.Parameters, candidate => candidate.Text("name") == parameter);
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
    [InlineData("POST /oauth/introspect", "token")]
    [InlineData("POST /oauth/introspect", "client_secret")]
    [InlineData("POST /oauth/token", "grant_type")]
    [InlineData("POST /oauth/revoke", "token_type_hint")]
    [InlineData("POST /ssf/stream", "events_requested")]
    [InlineData("POST /ssf/status", "status")]
    [InlineData("POST /ssf/verify", "state")]
    [InlineData("POST /ssf/poll/{streamId}", "setErrs")]
    public async Task Bodies_are_described(string operation, string member)
    {
        var described = Assert.Single(await store.Host.ListOperationsAsync(), candidate => candidate.ToString() == operation);

        Assert.True(described.Description.TryGetProperty("requestBody", out var body), "No body at all");
        Assert.All(body.GetProperty("content").EnumerateObject(), content =>
            Assert.Contains(described.MembersOf(content.Value.GetProperty("schema")), name => name == member));
    }
}
