using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The access token of a person with the longest allowed names still fits into a cookie. Browsers drop cookies over 4,096 bytes.</summary>
public abstract class LongNameTests(AuthHost host, ClassHosts hosts)
{
    private const int Longest = 250;
    private static readonly string[] Fields = ["firstNames", "lastName", "email", "orgId"];

    private static readonly Lazy<string> LargeKey = new(() =>
    {
        using var key = RSA.Create(4096);
        return key.ExportPkcs8PrivateKeyPem();
    });

    /// <summary>The characters take one, two, three or four bytes in UTF-8, or are escaped in JSON.</summary>
    [Theory]
    [InlineData("x", "x", "ES256")]
    [InlineData("я", "я", "ES256")]
    [InlineData("漢", "漢", "ES256")]
    [InlineData("漢", "漢", "RS256")]
    [InlineData("😀", "😀", "RS256")]
    [InlineData("<", "\"", "RS256")]
    public async Task The_cookie_of_a_sign_in_stays_under_4000_bytes(string inId, string inNames, string algorithm)
    {
        var at = algorithm is "RS256" ? await hosts.TwinAsync(LargeRsaKey()) : host;
        var id = Fill(NewName("p"), inId);
        var person = await at.CreatePersonAsync(NewFacts(id, Fields.Select(_ => Fill("", inNames))));

        var state = await SubmitAsync(at, person);

        Assert.InRange(state.Length, 500, 3_999);
        var claims = Requests.ClaimsOf(JsonElement.Parse(Uri.UnescapeDataString(state)).Text("accessToken"));
        Assert.Equal(id, claims.Text("sub"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("漢")]
    public async Task A_person_with_the_longest_names_uses_and_refreshes_a_session(string character)
    {
        var person = await host.CreatePersonAsync(NewFacts(Fill(NewName("p"), character), Fields.Select(_ => Fill("", character))));

        var session = await host.LoginAsync(person);

        Assert.Equal(1, (await host.GetAsync("/auth/sessions", await host.RefreshAsync(session.RefreshToken)).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task The_longest_texts_are_left_out_and_the_others_stay()
    {
        string[] texts = ["Иван Иванович", Fill("", "漢"), "ivan@example.com", "7"];
        var person = await host.CreatePersonAsync(NewFacts(NewName("p"), texts));

        var claims = Requests.ClaimsOf((await host.LoginAsync(person)).AccessToken);

        Assert.Equal(("Иван Иванович", "ivan@example.com", "7"), (claims.Text("firstNames"), claims.Text("email"), claims.Text("orgId")));
        Assert.Equal(texts[1], claims.Text("lastName"));
        var longer = await host.CreatePersonAsync(NewFacts(NewName("p"), [texts[0], texts[1], texts[2], texts[1]]));
        var fewer = Requests.ClaimsOf((await host.LoginAsync(longer)).AccessToken);
        Assert.Equal((texts[0], texts[1], texts[2]), (fewer.Text("firstNames"), fewer.Text("lastName"), fewer.Text("email")));
        Assert.False(fewer.TryGetProperty("orgId", out _));
    }

    private static JsonObject NewFacts(string id, IEnumerable<string> texts)
    {
        var facts = new JsonObject { ["id"] = id };
        foreach (var (field, text) in Fields.Zip(texts))
            facts[field] = text;
        return facts;
    }

    private static string Fill(string start, string character) =>
        string.Concat(Enumerable.Repeat(character, (Longest - start.Length) / character.Length).Prepend(start));

    private static Settings LargeRsaKey() => new()
    {
        ["Jwt:SigningKeys:0:KeyId"] = "large",
        ["Jwt:SigningKeys:0:Algorithm"] = "RS256",
        ["Jwt:SigningKeys:0:PrivateKeyPem"] = LargeKey.Value,
    };

    /// <returns>The value of the cookie that scripts can read.</returns>
    private static async Task<string> SubmitAsync(AuthHost to, Person person)
    {
        var form = new FormUrlEncodedContent([new("username", person.Id), new("password", person.Password), new("service", "web")]);
        using var response = await to.SendAsync(HttpMethod.Post, "/auth/login", json: form, headers: ("Accept", "text/html"));
        await response.ExpectAsync(HttpStatusCode.OK);
        return Assert.Single(SetCookie.AllOf(response.Headers), cookie => cookie.Name == "authState").Value;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : LongNameTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : LongNameTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
