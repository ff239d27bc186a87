using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>Services can store tokens of single sign-on providers with a session, encrypted.</summary>
public abstract class StoredTokenTests(AuthHost host)
{
    private const int Largest = 64 * 1024;

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("  spaces and\r\n\tbreaks \n")]
    [InlineData("äöü ß 漢字 🎉 e\u0301 \u212A")]
    [InlineData("\uFEFFwith a mark \0 and a NUL")]
    [InlineData("\"quoted\"")]
    public async Task Plain_text_comes_back_to_the_byte(string value)
    {
        var (service, path) = await NewPathAsync();

        await host.PutAsync(path, service, Text(value)).ExpectAsync(HttpStatusCode.NoContent);

        var answer = await host.GetAsync(path, service).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["id", "value"], answer.MemberNames());
        Assert.Equal(("graph", value), (answer.Text("id"), answer.Text("value")));
    }

    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData(" \"\" ", "")]
    [InlineData("\"\\u00e9\\n\\\"\\ud83c\\udf89\"", "é\n\"🎉")]
    [InlineData("\"漢字\"", "漢字")]
    public async Task A_JSON_string_is_kept_as_what_it_says(string json, string value)
    {
        var (service, path) = await NewPathAsync();

        await host.PutAsync(path, service, AuthCalls.Json(json)).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(value, await ReadAsync(service, path));
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "plain")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "7")]
    [InlineData("application/json", "{\"value\":\"x\"}")]
    [InlineData("application/json", "[\"x\"]")]
    [InlineData("application/json", "\"open")]
    [InlineData("application/json", "\"a\" \"b\"")]
    [InlineData("application/json", "\"\\ud83c\"")]
    public async Task Json_that_is_no_string_is_refused_and_the_value_before_stays(string type, string body)
    {
        var (service, path) = await NewPathAsync();
        await host.PutAsync(path, service, Text("before")).ExpectAsync(HttpStatusCode.NoContent);

        await host.PutAsync(path, service, AuthCalls.Raw(Encoding.UTF8.GetBytes(body), type)).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");

        Assert.Equal("before", await ReadAsync(service, path));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public async Task What_is_no_UTF_8_is_refused(string type)
    {
        var (service, path) = await NewPathAsync();

        foreach (var bytes in new byte[][] { [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22] })
            await host.PutAsync(path, service, AuthCalls.Raw(bytes, type)).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");

        await host.GetAsync(path, service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plainer")]
    [InlineData("text/html")]
    public async Task Another_content_type_is_415(string type)
    {
        var (service, path) = await NewPathAsync();

        await host.PutAsync(path, service, AuthCalls.Raw("x"u8.ToArray(), type)).CodeAsync(HttpStatusCode.UnsupportedMediaType, "BAD_REQUEST");
    }

    [Fact]
    public async Task It_holds_64_KiB_and_not_one_byte_more()
    {
        var (service, path) = await NewPathAsync();
        var full = new string('é', Largest / 2);

        await host.PutAsync(path, service, Text(full)).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(full, await ReadAsync(service, path));
        await host.PutAsync(path, service, Text(full + "x")).CodeAsync(HttpStatusCode.RequestEntityTooLarge, "BAD_REQUEST");
        await host.PutAsync(path, service, AuthCalls.Json(Escaped(Largest + 1))).CodeAsync(HttpStatusCode.RequestEntityTooLarge, "BAD_REQUEST");
        Assert.Equal(full, await ReadAsync(service, path));
        await host.PutAsync(path, service, AuthCalls.Json(Escaped(Largest))).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(new string('A', Largest), await ReadAsync(service, path));

        static string Escaped(int length) => $"\"{string.Concat(Enumerable.Repeat("\\u0041", length))}\"";
    }

    [Fact]
    public async Task Each_id_of_each_session_has_a_value_of_its_own_that_can_be_replaced_and_forgotten()
    {
        var ((service, path), (_, elsewhere)) = (await NewPathAsync(), await NewPathAsync());
        await host.PutAsync(path, service, Text("one")).ExpectAsync(HttpStatusCode.NoContent);
        await host.PutAsync($"{path}2", service, Text("two")).ExpectAsync(HttpStatusCode.NoContent);
        await host.GetAsync(elsewhere, service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");

        await host.PutAsync(path, service, Text("three")).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(("three", "two"), (await ReadAsync(service, path), await ReadAsync(service, $"{path}2")));

        await host.DeleteAsync(path, service).ExpectAsync(HttpStatusCode.NoContent);
        await host.GetAsync(path, service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await host.DeleteAsync(path, service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal("two", await ReadAsync(service, $"{path}2"));
    }

    [Theory]
    [InlineData("a%20b.c-d_e~f", "a b.c-d_e~f")]
    [InlineData("%E6%BC%A2%F0%9F%8E%89", "漢🎉")]
    [InlineData("'--", "'--")]
    public async Task An_id_may_be_any_text(string written, string id)
    {
        var (service, path) = await NewPathAsync();
        path = path.Replace("graph", written, StringComparison.Ordinal);
        await host.PutAsync(path, service, Text("x")).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(id, (await host.GetAsync(path, service).ExpectAsync(HttpStatusCode.OK)).Text("id"));
    }

    [Fact]
    public async Task An_id_of_more_than_250_characters_or_with_a_line_break_is_refused()
    {
        var (service, path) = await NewPathAsync();

        foreach (var id in new[] { new string('a', 251), "a%0Ab" })
            await host.PutAsync(path.Replace("graph", id, StringComparison.Ordinal), service, Text("x")).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");
    }

    [Fact]
    public async Task It_is_gone_with_the_session()
    {
        var (service, path) = await NewPathAsync();
        var before = await host.Database.CountAsync("stored_tokens");
        await host.PutAsync(path, service, Text("x")).ExpectAsync(HttpStatusCode.NoContent);
        Assert.Equal(before + 1, await host.Database.CountAsync("stored_tokens"));

        await host.EndAsync(service, path.Split('/')[2]);

        await host.GetAsync(path, service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal(before, await host.Database.CountAsync("stored_tokens"));
    }

    [Fact]
    public async Task A_new_key_writes_the_old_one_reads_and_without_it_the_value_is_lost_and_not_leaked()
    {
        var (first, second) = (new EncryptionKey("old"), new EncryptionKey("new"));
        var (service, path) = await NewPathAsync();
        await using (var before = await host.StartTwinAsync(EncryptionKey.SettingsOf(first)))
            await before.PutAsync(path, service, Text("sealed with the old")).ExpectAsync(HttpStatusCode.NoContent);
        await using (var rotated = await host.StartTwinAsync(EncryptionKey.SettingsOf(second, first)))
        {
            Assert.Equal("sealed with the old", (await rotated.GetAsync(path, service).ExpectAsync(HttpStatusCode.OK)).Text("value"));
            await rotated.PutAsync($"{path}2", service, Text("sealed with the new")).ExpectAsync(HttpStatusCode.NoContent);
        }

        await using var after = await host.StartTwinAsync(EncryptionKey.SettingsOf(second));

        Assert.Equal("sealed with the new", (await after.GetAsync($"{path}2", service).ExpectAsync(HttpStatusCode.OK)).Text("value"));
        var description = await after.GetAsync(path, service).CodeAsync(HttpStatusCode.ServiceUnavailable, "SERVER_ERROR");
        Assert.DoesNotContain("sealed", description, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("key", description, StringComparison.OrdinalIgnoreCase);
    }

    private static StringContent Text(string value) => new(value, Encoding.UTF8, "text/plain");

    private async Task<(string Service, string Path)> NewPathAsync()
    {
        var service = await host.NewServiceTokenAsync();
        return (service, $"/sessions/{await host.OpenAsync(service, await host.CreatePersonAsync())}/tokens/graph");
    }

    private async Task<string> ReadAsync(string service, string path) => (await host.GetAsync(path, service).ExpectAsync(HttpStatusCode.OK)).Text("value");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : StoredTokenTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : StoredTokenTests(store.Host);
}
