using System.Net;
using System.Text;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Sessions;

/// <summary>Only the service that wrote a stored token, listed readers and administrators reach it. Knowing the session id is not enough.</summary>
public abstract class StoredTokenReachTests(AuthHost host)
{
    private const string Reader = "_reader-of-tokens";

    [Fact]
    public async Task Another_service_neither_reads_replaces_nor_deletes_it_and_each_try_is_on_record()
    {
        var (writer, other, admin) = (await host.CreateServiceAsync(), await host.CreateServiceAsync(), await host.AdminTokenAsync());
        var (token, otherToken) = (await host.RefreshAsync(writer.RefreshToken), await host.RefreshAsync(other.RefreshToken));
        var person = await host.CreatePersonAsync();
        var session = await host.OpenAsync(token, person);
        var path = PathOf(session);

        await ExpectEntryAsync(
            () => host.PutAsync(path, token, Text("one")), HttpStatusCode.NoContent, $"{writer.Id} stored_token_written {person.Id} success");
        await ExpectEntryAsync(() => host.GetAsync(path, otherToken), HttpStatusCode.Forbidden, $"{other.Id} stored_token_read {person.Id} refused");
        await ExpectEntryAsync(
            () => host.PutAsync(path, otherToken, Text("evil")), HttpStatusCode.Forbidden, $"{other.Id} stored_token_written {person.Id} refused");
        await ExpectEntryAsync(() => host.DeleteAsync(path, otherToken), HttpStatusCode.Forbidden, $"{other.Id} stored_token_deleted {person.Id} refused");
        await host.GetAsync(path, otherToken).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");

        var read = await ExpectEntryAsync(() => host.GetAsync(path, token), HttpStatusCode.OK, $"{writer.Id} stored_token_read {person.Id} success");
        Assert.Equal((session, "graph"), (read.Text("sessionId"), read.Text("detail")));
        Assert.Equal("one", (await host.GetAsync(path, token).ExpectAsync(HttpStatusCode.OK)).Text("value"));
        await ExpectEntryAsync(() => host.DeleteAsync(path, token), HttpStatusCode.NoContent, $"{writer.Id} stored_token_deleted {person.Id} success");
        Assert.Empty(await host.RowsOfAsync(admin, () => host.GetAsync(path, token), HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Administrators_and_listed_readers_reach_what_others_wrote_and_it_stays_the_writers()
    {
        await using var own = await host.StartTwinAsync(new() { [$"Sessions:TokenReaders:{Reader}"] = "true" });
        var (writer, admin) = (await own.NewServiceTokenAsync(), await own.AdminTokenAsync());
        var reader = await own.NewServiceTokenAsync(Reader);
        var path = PathOf(await own.OpenAsync(writer, await own.CreatePersonAsync()));
        await own.PutAsync(path, writer, Text("one")).ExpectAsync(HttpStatusCode.NoContent);

        foreach (var caller in new[] { admin, reader })
        {
            await own.GetAsync(path, caller).ExpectAsync(HttpStatusCode.OK);
            await own.PutAsync(path, caller, Text("two")).ExpectAsync(HttpStatusCode.NoContent);
        }

        Assert.Equal("two", (await own.GetAsync(path, writer).ExpectAsync(HttpStatusCode.OK)).Text("value"));
        await host.GetAsync(path, reader).ExpectAsync(HttpStatusCode.Forbidden);
        await own.DeleteAsync(path, reader).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Without_its_encryption_key_it_is_503_in_the_words_of_this_API()
    {
        var writer = await host.NewServiceTokenAsync();
        var path = PathOf(await host.OpenAsync(writer, await host.CreatePersonAsync()));
        await host.PutAsync(path, writer, Text("one")).ExpectAsync(HttpStatusCode.NoContent);
        await using var keyless = await host.StartTwinAsync(new()
        {
            ["environment"] = "Production",
            ["Encryption:Keys:0:KeyId"] = null,
            ["Encryption:Keys:0:Key"] = null,
        });

        await keyless.GetAsync(path, writer).CodeAsync(HttpStatusCode.ServiceUnavailable, "SERVER_ERROR");
        await keyless.PutAsync(path, writer, Text("two")).CodeAsync(HttpStatusCode.ServiceUnavailable, "SERVER_ERROR");

        Assert.Equal("one", (await host.GetAsync(path, writer).ExpectAsync(HttpStatusCode.OK)).Text("value"));
        await keyless.DeleteAsync(path, writer).ExpectAsync(HttpStatusCode.NoContent);
    }

    /// <summary>Tokens stored before the writer was recorded have no known owner.</summary>
    [Fact]
    public async Task A_token_without_a_writer_is_for_administrators()
    {
        var (service, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        var session = await host.OpenAsync(service, await host.CreatePersonAsync());
        await host.PutAsync(PathOf(session), service, Text("one")).ExpectAsync(HttpStatusCode.NoContent);
        await host.Database.ExecuteAsync("UPDATE stored_tokens SET writer_number = NULL");

        await host.GetAsync(PathOf(session), service).CodeAsync(HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await host.GetAsync(PathOf(session), admin).ExpectAsync(HttpStatusCode.OK);
    }

    private async Task<System.Text.Json.JsonElement> ExpectEntryAsync(Func<Task<HttpResponseMessage>> call, HttpStatusCode status, string line)
    {
        var entry = Assert.Single(await host.RowsOfAsync(await host.AdminTokenAsync(), call, status));
        Assert.Equal(line, entry.Line());
        return entry;
    }

    private static string PathOf(string session) => $"/sessions/{session}/tokens/graph";

    private static StringContent Text(string value) => new(value, Encoding.UTF8, "text/plain");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : StoredTokenReachTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : StoredTokenReachTests(store.Host);
}
