using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>The OpenAPI documents describe the members of bodies.</summary>
[Collection("sqlite 2")]
public sealed class DocumentMemberTests(SqliteStore store)
{
    /// <summary>Bodies with members that a specification describes, and the name of that specification.</summary>
    private static readonly Dictionary<string, string> Specified = new(StringComparer.Ordinal)
    {
        ["ActorClaim"] = "RFC 8693, section 4.1",
        ["KeyDocument"] = "RFC 7517, section 4, and RFC 7518, section 6",
        ["KeySetDocument"] = "RFC 7517, section 5",
        ["MetadataDocument"] = "RFC 8414, section 2",
        ["AuthorizationScheme"] = "SSF 1.0, section 7.1",
        ["SignalMetadata"] = "SSF 1.0, section 7.1",
        ["StreamRequest"] = "SSF 1.0, section 8.1.1",
        ["SetErrorBody"] = "RFC 8935, section 2.3",
        ["SignalErrorBody"] = "RFC 8935, section 2.3",
    };

    [Fact]
    public async Task Every_member_of_a_body_says_what_it_is()
    {
        var lacking = from schema in await ListSchemasAsync()
                      where !Specified.ContainsKey(schema.Name)
                      from member in schema.Members
                      where !IsDescribed(member.Value)
                      select $"{schema.Name}.{member.Name}";

        Assert.Empty(lacking.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_description_shows_what_only_programmers_of_the_service_can_read() =>
        Assert.All(await ListSchemasAsync(), schema => Assert.All(schema.Descriptions, description =>
        {
            Assert.DoesNotMatch("<[a-z/]|cref|paramref|AuthService[.]|\n", description);
            Assert.Equal(description.Trim(), description);
        }));

    [Fact]
    public async Task Times_name_their_unit()
    {
        var extension = await FindAsync("auth", "ExtensionRequestBody");

        Assert.StartsWith("Milliseconds", extension.GetProperty("properties").GetProperty("expiresIn").Text("description"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth", "RefreshResponse", "accessToken")]
    [InlineData("auth", "AuthErrorBody", "traceId why")]
    [InlineData("auth", "LoginRequest", "password service username")]
    [InlineData("auth", "LoginResponse", "")]
    [InlineData("auth", "ExtensionRequestBody", "expiresIn requestedScopes validJWT")]
    [InlineData("auth", "ExtensionResponse", "accessToken")]
    [InlineData("auth", "SessionItem", "createdAt current id ipAddress lastUsedAt userAgent")]
    [InlineData("auth", "ReauthenticateRequest", "")]
    [InlineData("sessions", "OpenSessionRequest", "userUuid")]
    [InlineData("sessions", "UserServiceResponse", "serviceName")]
    [InlineData("app-tokens", "ApplicationRequest", "name")]
    [InlineData("admin", "NewPrincipalRequest", "id")]
    [InlineData("admin", "PrincipalPatch", "")]
    [InlineData("oauth", "IntrospectionResponse", "active")]
    [InlineData("oauth", "TokenGrantBody", "grant_type")]
    public async Task Members_that_are_always_there_or_must_be_are_required(string document, string schema, string members) =>
        Assert.Equal(members, string.Join(' ', RequiredOf(await FindAsync(document, schema)).Order(StringComparer.Ordinal)));

    [Fact]
    public async Task A_member_that_must_be_there_is_not_null()
    {
        var nullable = from schema in await ListSchemasAsync()
                       from name in RequiredOf(schema.Content)
                       let member = schema.Content.GetProperty("properties").GetProperty(name)
                       where member.TryGetProperty("nullable", out var isNullable) && isNullable.GetBoolean()
                       select $"{schema.Name}.{name}";

        Assert.Empty(nullable.Distinct(StringComparer.Ordinal));
    }

    /// <summary>The published service reads the descriptions from the XML file next to its assembly.</summary>
    [Fact]
    public async Task The_service_as_it_is_published_says_so_too()
    {
        using var folder = new ServiceFolder();
        await using var service = folder.Start(new() { ["environment"] = "Development" });
        await service.WaitUntilReadyAsync();

        Assert.Contains("\"Milliseconds, at most 24 hours.\"", await service.Http.GetStringAsync("/swagger/auth/swagger.json"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> RequiredOf(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];

    /// <summary>
    /// Returns whether a member is described. In OpenAPI 3.0 a reference has no description of its own, but its schema describes the members.
    /// </summary>
    private static bool IsDescribed(JsonElement member) =>
        member.TryGetProperty("$ref", out _) || (member.TryGetProperty("description", out var text) && text.GetString()!.Length > 4);

    private async Task<JsonElement> FindAsync(string document, string schema) =>
        (await ListSchemasAsync()).Single(found => found.Document == document && found.Name == schema).Content;

    private async Task<IReadOnlyList<NamedSchema>> ListSchemasAsync() =>
    [
        .. from operation in (await store.Host.ListOperationsAsync()).DistinctBy(operation => operation.Surface, StringComparer.Ordinal)
           from schema in operation.Document.GetProperty("components").GetProperty("schemas").EnumerateObject()
           select new NamedSchema(operation.Surface, schema.Name, schema.Value),
    ];

    private sealed record NamedSchema(string Document, string Name, JsonElement Content)
    {
        public IEnumerable<JsonProperty> Members => Content.TryGetProperty("properties", out var members) ? members.EnumerateObject() : [];

        public IEnumerable<string> Descriptions => Members.Select(member => member.Value).Append(Content)
            .Where(described => described.TryGetProperty("description", out _)).Select(described => described.Text("description"));
    }
}
