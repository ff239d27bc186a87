using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;

namespace AuthService.ApiTests.Auth;

public abstract class BulkInvalidateTests(AuthHost host)
{
    private const string Route = "/auth/logout/bulk";
    private const int Most = 10_000;

    public static TheoryData<string> WrongBodies { get; } =
    [
        "{}",
        "null",
        "[]",
        "\"tokens\"",
        """{"tokens": null}""",
        """{"tokens": "rt_a"}""",
        """{"tokens": [1]}""",
        """{"tokens": [["rt_a"]]}""",
        """{"tokens": {"0": "rt_a"}}""",
        """{"tokens": [], "tokens": []}""",
        """{"tokens": []""",
        """{"tokens": []} []""",
    ];

    [Fact]
    public async Task The_sessions_of_all_tokens_end_and_no_others()
    {
        var person = await host.CreatePersonAsync();
        SignedIn[] ended = [await host.LoginAsync(person), await host.LoginAsync(person, "web"), await host.SignedInPersonAsync()];
        var delegated = await host.DelegateAsync(ended[0].AccessToken);
        SignedIn[] kept = [await host.LoginAsync(person), await host.LoginAsync(person, "web")];

        await EndAsync([delegated.RefreshToken, .. ended.Select(session => session.RefreshToken)]);

        foreach (var session in ended)
            await host.ExpectEndedAsync(session);
        await host.TryUseAsync(delegated).RefusedAsync(HttpStatusCode.Unauthorized);
        foreach (var session in kept)
            await host.UseAsync(session);
    }

    [Fact]
    public async Task Unknown_malformed_and_repeated_tokens_are_passed_over()
    {
        var session = await host.SignedInPersonAsync();
        string?[] odd = ["", null, "nonsense", "rt_", $"rt_{new string('A', 43)}", "\0", "{}", new string('x', 5000), session.AccessToken];

        await EndAsync([.. odd, session.RefreshToken, session.RefreshToken]);

        await host.ExpectEndedAsync(session);
    }

    [Fact]
    public async Task Ten_thousand_tokens_are_taken_and_one_more_is_not()
    {
        var one = await host.SignedInPersonAsync();
        var two = await host.SignedInPersonAsync();
        var unknown = Enumerable.Range(0, Most - 1).Select(i => $"rt_{i:D43}").ToArray();

        await host.PostAsync(Route, await host.NewServiceTokenAsync(), new { tokens = new[] { "x", one.RefreshToken }.Concat(unknown) })
            .RefusedAsync(HttpStatusCode.BadRequest);
        await host.UseAsync(one);

        await EndAsync([.. unknown, one.RefreshToken]);
        await host.ExpectEndedAsync(one);
        await host.UseAsync(two);
    }

    [Fact]
    public async Task An_empty_list_is_taken() => await EndAsync([]);

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task What_is_no_list_of_texts_is_400(string body) =>
        await host.PostAsync(Route, await host.NewServiceTokenAsync(), Json(body)).RefusedAsync(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task A_wrong_content_type_is_415(string contentType)
    {
        var content = Raw("""{"tokens": []}"""u8.ToArray(), contentType);

        await host.PostAsync(Route, await host.NewServiceTokenAsync(), content).RefusedAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task An_administrator_may_and_a_user_may_not()
    {
        var session = await host.SignedInPersonAsync();
        var body = new { tokens = new[] { session.RefreshToken } };

        await host.PostAsync(Route, session.AccessToken, body).RefusedAsync(HttpStatusCode.Forbidden);
        await host.UseAsync(session);
        await host.PostAsync(Route, await host.AdminTokenAsync(), body).ExpectAsync(HttpStatusCode.NoContent);
        await host.ExpectEndedAsync(session);
    }

    [Fact]
    public async Task A_narrowed_token_of_an_administrator_may_not()
    {
        var narrowed = await host.NarrowAsync(await host.AdminTokenAsync());

        await host.PostAsync(Route, narrowed, new { tokens = Array.Empty<string>() }).RefusedAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Without_an_access_token_it_is_401()
    {
        var session = await host.SignedInPersonAsync();
        var body = new { tokens = new[] { session.RefreshToken } };

        await host.PostAsync(Route, json: body).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync(Route, session.RefreshToken, body).RefusedAsync(HttpStatusCode.Unauthorized);
        await host.UseAsync(session);
    }

    private async Task EndAsync(string?[] tokens) =>
        await host.PostAsync(Route, await host.NewServiceTokenAsync(), new { tokens }).ExpectAsync(HttpStatusCode.NoContent);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : BulkInvalidateTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : BulkInvalidateTests(store.Host);
}
