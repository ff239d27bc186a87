using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>Calls that revoke everything refuse a query or a body that may have meant only some of it.</summary>
public abstract class UnfilteredRevocationTests(AuthHost host)
{
    public static TheoryData<string> Routes => new(
        "/sessions",
        "/admin/principals/{id}/sessions",
        "/admin/principals/{id}/second-factors",
        "/auth/sessions",
        "/account/auth/sessions",
        "/account/auth/sessions/all",
        "/account/sessions",
        "/account/sessions/all");

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task With_a_query_a_JSON_object_or_an_array_nothing_is_done(string route)
    {
        var person = await host.CreatePersonAsync();
        var (session, other) = (await host.LoginAsync(person), await host.LoginAsync(person));
        var (path, token) = (PathOf(route, person), await CallerAsync(route, session));

        await ExpectRefusedAsync(host.DeleteAsync($"{path}?sessionId={session.SessionId}", token));
        foreach (var type in new[] { "application/json", "text/plain" })
        {
            await ExpectRefusedAsync(DeleteAsync(path, token, $" {{\"sessionId\":\"{session.SessionId}\"}}", type));
            await ExpectRefusedAsync(DeleteAsync(path, token, $" [\"{session.SessionId}\"]", type));
        }

        await host.RefreshAsync(session.RefreshToken);
        await host.RefreshAsync(other.RefreshToken);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_existing_clients_send_where_no_body_belongs_is_passed_over(string route)
    {
        foreach (var stray in new[] { "", "null", "x", " {} ", "[]" })
        {
            var person = await host.CreatePersonAsync();
            var (session, other) = (await host.LoginAsync(person), await host.LoginAsync(person));

            using var answer = await DeleteAsync(PathOf(route, person), await CallerAsync(route, session), stray, "application/json");

            Assert.True(answer.IsSuccessStatusCode, $"{stray}: {answer.StatusCode}");
            await host.ExpectEndedAsync(other);
        }
    }

    private static string PathOf(string route, Person person) =>
        route.Replace("{id}", Uri.EscapeDataString(person.Id), StringComparison.Ordinal);

    private async Task<string> CallerAsync(string route, SignedIn own) =>
        route is "/sessions" || route.StartsWith("/admin", StringComparison.Ordinal) ? await host.NewAdminTokenAsync() : own.AccessToken;

    private Task<HttpResponseMessage> DeleteAsync(string path, string token, string body, string type) =>
        host.SendAsync(HttpMethod.Delete, path, token, AuthCalls.Raw(Encoding.UTF8.GetBytes(body), type));

    private static async Task ExpectRefusedAsync(Task<HttpResponseMessage> sending)
    {
        var refusal = await sending.ExpectAsync(HttpStatusCode.BadRequest);
        Assert.Contains("nothing was done", refusal.ToString(), StringComparison.Ordinal);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : UnfilteredRevocationTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : UnfilteredRevocationTests(store.Host);
}
