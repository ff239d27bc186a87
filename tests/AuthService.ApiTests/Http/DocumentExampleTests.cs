using System.Net;
using System.Text;
using System.Text.Json;
using AuthService.Api.Http.OpenApi;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>The examples in the OpenAPI documents are complete and correct, and every example in the code is shown.</summary>
[Collection("sqlite 2")]
public sealed class DocumentExampleTests(SqliteStore store)
{
    /// <summary>An operation that needs an identity provider which answers. <see cref="IdentityProviders.IdentityLinkTests"/> call it.</summary>
    private const string NeedsProvider = "/account/identities/start";

    private const string TraceOfTheExamples = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public async Task Every_body_of_a_request_and_of_an_answer_has_an_example()
    {
        var lacking = from body in await ListBodiesAsync() where body.Examples.Count is 0 select body.Place;

        Assert.Empty(lacking);
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var faults = from body in await ListBodiesAsync()
                     from example in body.Examples
                     from fault in new SchemaFit(body.Operation.Document).FaultsOf(example.Value, body.Schema)
                     select $"{body.Place}, \"{example.Key}\": {fault}";

        Assert.Empty(faults);
    }

    /// <summary>An example for a status or type that the operation does not have would never be shown.</summary>
    [Fact]
    public async Task Every_example_that_was_written_is_shown()
    {
        var shown = (await ListBodiesAsync())
            .SelectMany(body => body.Examples.Keys.Select(name => $"{body.Operation}: {name}")).ToHashSet(StringComparer.Ordinal);

        var written = from route in ListRoutes()
                      let examples = route.Metadata.GetRequiredMetadata<OperationExamples>()
                      from name in examples.Requests.Keys.Concat(examples.Answers.Keys).Concat(examples.Refusals.Select(OperationExamples.NameOf))
                      select $"{NameOf(route)}: {name}";

        Assert.Empty(written.Except(shown, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_examples_on_its_route() => Assert.Equal(
        (await store.Host.ListOperationsAsync()).Select(operation => operation.ToString()).Order(StringComparer.Ordinal),
        ListRoutes().Select(NameOf).Order(StringComparer.Ordinal));

    /// <summary>The service must accept its own examples. Its response then depends on the data in the store.</summary>
    [Fact]
    public async Task No_example_of_a_request_is_refused_as_malformed()
    {
        await using var host = await store.Host.StartAnotherAsync();
        var admin = await host.AdminTokenAsync();
        foreach (var body in (await ListBodiesAsync()).Where(body => body.Status is null && body.Operation.Path is not NeedsProvider))
        {
            foreach (var (name, value) in body.Examples)
            {
                var path = body.Operation.With("{uuid}", "0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204").With("{app_id}", "acme-orders").SomePath;
                var bearer = value.ValueKind is JsonValueKind.Object && value.TryGetProperty("client_secret", out _) ? null : admin; // one credential at most
                using var answer = await host.SendAsync(body.Operation.Method, path, bearer, ContentOf(value, body.ContentType));
                Assert.False(await answer.IsAboutFormAsync(), $"{body.Place}, \"{name}\": {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    [Fact]
    public async Task A_refusal_without_a_token_is_word_for_word_as_shown()
    {
        await using var proxied = await store.Host.StartTwinAsync(new() { ["ReverseProxy:KnownProxies:0"] = "127.0.0.1" });
        foreach (var body in (await ListBodiesAsync()).Where(body => body is { Status: 401, Operation.NeedsToken: true }))
        {
            var refusal = await proxied.SendAsync(body.Operation.Method, body.Operation.SomePath, headers: ("traceparent", TraceOfTheExamples))
                .ExpectAsync(HttpStatusCode.Unauthorized);

            Assert.Contains(body.Examples.Values, example => JsonElement.DeepEquals(example, refusal));
        }
    }

    [Fact]
    public async Task No_example_holds_a_whole_secret() =>
        Assert.All(await ListBodiesAsync(), body => Assert.All(body.Examples.Values, example =>
            Assert.DoesNotMatch("eyJ[A-Za-z0-9_-]{20,}|(rt|sk|appsk|reset)_[A-Za-z0-9_-]{20,}", example.ToString())));

    private static string NameOf(RouteEndpoint route) =>
        $"{route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]} /{route.RoutePattern.RawText!.Trim('/')}";

    private static HttpContent ContentOf(JsonElement value, string contentType) => contentType switch
    {
        "application/x-www-form-urlencoded" => new FormUrlEncodedContent(
            value.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.ToString()))),
        "text/plain" => new StringContent(value.GetString()!, Encoding.UTF8, contentType),
        _ => new StringContent(value.GetRawText(), Encoding.UTF8, contentType),
    };

    private IEnumerable<RouteEndpoint> ListRoutes() => store.Host.ListRoutes().Where(route => route.Metadata.GetMetadata<OperationExamples>() is not null);

    private async Task<IReadOnlyList<DocumentedBody>> ListBodiesAsync() =>
        [.. (await store.Host.ListOperationsAsync()).SelectMany(operation => operation.Bodies)];
}
