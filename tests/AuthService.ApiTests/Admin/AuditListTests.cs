using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>GET /admin/audit filters entries. Its pages neither repeat nor lose an entry while others are written.</summary>
public abstract class AuditListTests(AuthHost host)
{
    private static readonly string[] Members =
        ["actor", "actorApiKeyId", "actorKind", "actorSessionId", "at", "detail", "event", "ipAddress", "number", "outcome", "principal", "sessionId"];

    [Fact]
    public async Task The_newest_entry_comes_first()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        var session = await host.LoginAsync(person);
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        var page = await host.TryAuditAsync(admin, $"?principal={person.Id}").ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["items", "nextCursor"], page.MemberNames());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
        Assert.Equal(["sign_out", "sign_in", "principal_created"], page.GetProperty("items").EnumerateArray()
            .Select(row => row.Text("event")), StringComparer.Ordinal);
        Assert.All(page.GetProperty("items").EnumerateArray(), row => Assert.Equal(Members, row.MemberNames()));
    }

    [Fact]
    public async Task Filters_narrow_the_list_together()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        await host.LoginAsync(person);
        await host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
        host.Clock.Advance(TimeSpan.FromHours(1));
        var later = Text(host.Clock.GetUtcNow().AddMinutes(-30));
        await host.LoginAsync(person);
        var mine = $"?principal={person.Id}";

        async Task<string[]> LinesAsync(string query) => [.. (await host.AuditAsync(admin = await host.AdminTokenAsync(), query)).Select(row => row.Line())];
        var (signIn, refused, created) = (
            $"{person.Id} sign_in {person.Id} success", $"{person.Id} sign_in {person.Id} refused", $"admin principal_created {person.Id} success");
        Assert.Equal([signIn, refused, signIn, created], await LinesAsync(mine), StringComparer.Ordinal);
        Assert.Equal([signIn, refused, signIn], await LinesAsync($"?actor={person.Id}"), StringComparer.Ordinal);
        Assert.Equal([signIn, refused, signIn], await LinesAsync($"{mine}&event=sign_in"), StringComparer.Ordinal);
        Assert.Equal([created], await LinesAsync($"{mine}&actor=ADMIN"), StringComparer.Ordinal);
        Assert.Equal([signIn], await LinesAsync($"{mine.ToUpperInvariant().Replace("PRINCIPAL", "principal", StringComparison.Ordinal)}&from={later}"),
            StringComparer.Ordinal);
        Assert.Equal([refused, signIn], await LinesAsync($"{mine}&event=sign_in&actor={person.Id}&to={later}"), StringComparer.Ordinal);
        Assert.Empty(await LinesAsync($"{mine}&from={later}&to={later}"));
        Assert.Empty(await LinesAsync("?principal=nobody-at-all"));
    }

    [Fact]
    public async Task From_is_within_and_to_is_without()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        var at = Assert.Single(await host.AuditAsync(admin, $"?principal={person.Id}")).GetProperty("at").GetDateTimeOffset();

        Assert.Single(await host.AuditAsync(admin, $"?principal={person.Id}&from={Text(at)}"));
        Assert.Empty(await host.AuditAsync(admin, $"?principal={person.Id}&to={Text(at)}"));
        Assert.Single(await host.AuditAsync(admin, $"?principal={person.Id}&to={Text(at.AddMicroseconds(1))}"));
        Assert.Single(await host.AuditAsync(admin, $"?principal={person.Id}&from={at:yyyy-MM-ddTHH:mm:ss}%2B00:00"));
        Assert.Single(await host.AuditAsync(admin, $"?principal={person.Id}&from={at:yyyy-MM-dd}"));
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_lose_an_entry_while_others_are_written()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        for (var i = 0; i < 11; i++)
            await host.LoginAsync(person);
        var filter = $"principal={person.Id}";
        var before = (await host.AuditAsync(admin, $"?{filter}")).Numbers();

        foreach (var limit in new[] { 1, 3, 4, 12, 13 })
        {
            var paged = await host.AuditPagesAsync(admin, filter, limit, () => host.LoginAsync(person));
            Assert.Equal(before, paged.Numbers().Where(before.Contains));
            Assert.Equal(paged.Numbers().OrderDescending(), paged.Numbers());
            Assert.Equal(paged.Numbers().Distinct(), paged.Numbers());
        }
    }

    [Fact]
    public async Task Entries_of_the_same_moment_are_paged_too()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        using (host.Clock.Freeze())
        {
            for (var i = 0; i < 6; i++)
                await host.LoginAsync(person);
        }

        var paged = await host.AuditPagesAsync(admin, $"principal={person.Id}&event=sign_in", limit: 2);

        Assert.Equal((await host.AuditAsync(admin, $"?principal={person.Id}&event=sign_in")).Numbers(), paged.Numbers());
        Assert.Equal(6, paged.Count);
    }

    [Fact]
    public async Task A_cursor_is_opaque_and_a_tampered_one_is_refused()
    {
        var admin = await host.AdminTokenAsync();
        var cursor = (await host.TryAuditAsync(admin, "?limit=1").ExpectAsync(HttpStatusCode.OK)).Text("nextCursor");

        await host.AuditAsync(admin, $"?cursor={cursor}");
        for (var i = 0; i < cursor.Length; i++)
            await RefuseAsync(admin, $"?cursor={cursor[..i]}{(cursor[i] is 'A' ? 'B' : 'A')}{cursor[(i + 1)..]}", "cursor");
        foreach (var other in new[] { "", cursor[1..], $"{cursor}A", $"{cursor}%3D", $"%20{cursor}", "%00", new string('A', 32), new string('x', 5_000),
            $"{cursor}&cursor={cursor}" })
            await RefuseAsync(admin, $"?cursor={other}", "cursor");
    }

    [Theory]
    [InlineData("limit", "0")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "1001")]
    [InlineData("limit", "1.5")]
    [InlineData("limit", "99999999999999999999")]
    [InlineData("limit", "")]
    [InlineData("event", "SIGN_IN")]
    [InlineData("event", "no_such_event")]
    [InlineData("event", "")]
    [InlineData("event", "sign_in&event=sign_out")]
    [InlineData("from", "yesterday")]
    [InlineData("from", "2026-13-01")]
    [InlineData("from", "2026-11-22T25:00:00Z")]
    [InlineData("from", "1767225600000")]
    [InlineData("to", "2026")]
    [InlineData("to", "")]
    [InlineData("principal", "")]
    [InlineData("principal", "%00")]
    [InlineData("principal", "%ED%A0%80%00")]
    [InlineData("actor", "a&actor=b")]
    [InlineData("from", "2026-11-23&to=2026-11-22")]
    public async Task A_bad_value_is_refused_by_name_with_what_is_allowed(string parameter, string value) =>
        await RefuseAsync(await host.AdminTokenAsync(), $"?{parameter}={value}", parameter);

    [Fact]
    public async Task A_limit_that_is_not_given_is_fifty_and_the_highest_is_a_thousand()
    {
        var person = await host.CreatePersonAsync();
        for (var i = 0; i < 52; i++)
            await host.LoginAsync(person);
        var admin = await host.AdminTokenAsync();

        Assert.Equal(50, (await host.AuditAsync(admin, $"?principal={person.Id}")).Length);
        Assert.Equal(53, (await host.AuditAsync(admin, $"?principal={person.Id}&limit=1000")).Length);
    }

    [Fact]
    public async Task No_secret_is_on_record()
    {
        var password = NewPassword();
        var person = await host.CreatePersonAsync(new() { ["password"] = password });
        var session = await host.LoginAsync(person);
        await host.TryLoginAsync(person.Id, "Wrong-Canary-77").ExpectAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        var text = (await host.TryAuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}").ExpectAsync(HttpStatusCode.OK)).GetRawText();

        Assert.All([password, "Wrong-Canary-77", session.RefreshToken, session.AccessToken, session.CsrfToken], secret =>
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private async Task RefuseAsync(string admin, string query, string parameter)
    {
        var refusal = await host.TryAuditAsync(admin, query).RefusalAsync(HttpStatusCode.BadRequest);
        Assert.Equal("BAD_REQUEST", refusal.Code);
        Assert.StartsWith($"{parameter} in the query must ", refusal.Text, StringComparison.Ordinal);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AuditListTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AuditListTests(store.Host);
}
