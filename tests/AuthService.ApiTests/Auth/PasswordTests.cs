using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The whole password is compared, in its normalized form.</summary>
public abstract class PasswordTests(AuthHost host)
{
    private const string Secret = "Aa1-9f3e7c2b8d4a6051";
    private const string Of72 = "Aa1-9f3e7c2b8d4a6051-c7e2a90b4f6d8135-b80e2d7f4a6c9153-f1d3b5a79c8e0246-x";

    public static TheoryData<string, string> Lookalikes { get; } = new()
    {
        { Secret, Secret.ToUpperInvariant() },
        { Secret, $" {Secret}" },
        { Secret, $"{Secret} " },
        { $"{Secret} ", Secret },
        { Secret, Secret[..^1] },
        { $"{Of72[..72]}-one-tail", $"{Of72[..72]}-another-tail" },
        { $"{Of72[..72]}-one-tail", Of72[..72] },
        { $"{Secret}\0one tail", $"{Secret}\0another" },
        { $"{Secret}\0one tail", Secret },
        { $"{Secret}ﬁ", $"{Secret}fi" },
    };

    [Theory]
    [MemberData(nameof(Lookalikes))]
    public async Task A_password_is_never_cut_trimmed_or_folded(string password, string lookalike)
    {
        var person = await host.CreatePersonAsync(new() { ["password"] = password });

        await LoginAsync(person.Id, lookalike).RefusedAsync(HttpStatusCode.Unauthorized);
        await LoginAsync(person.Id, password).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_of_300_bytes_works()
    {
        var password = $"{Secret}{new string('€', 100)}";
        var person = await host.CreatePersonAsync(new() { ["password"] = password });

        await LoginAsync(person.Id, password).ExpectAsync(HttpStatusCode.OK);
        await LoginAsync(person.Id, password[..^1]).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keyboards_that_compose_characters_differently_type_the_same_password()
    {
        var person = await host.CreatePersonAsync(new() { ["password"] = $"{Secret}é" });

        await LoginAsync(person.Id, $"{Secret}e\u0301").ExpectAsync(HttpStatusCode.OK);
        await LoginAsync(person.Id, $"{Secret}e").RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Its_length_is_counted_in_code_points_after_composition()
    {
        var emoji = string.Concat(Enumerable.Range(0, 130).Select(i => char.ConvertFromUtf32(0x1F300 + i)));
        var longest = string.Concat(Enumerable.Range(0, 256).Select(i => char.ConvertFromUtf32(0x1F300 + i)));
        var decomposed = $"{Secret}{string.Concat(Enumerable.Repeat("e\u0301", 200))}";
        foreach (var password in new[] { emoji, longest, decomposed })
        {
            var person = await host.CreatePersonAsync(new() { ["password"] = password });
            await LoginAsync(person.Id, password).ExpectAsync(HttpStatusCode.OK);
            await LoginAsync(person.Id, password[..^2]).RefusedAsync(HttpStatusCode.Unauthorized);
        }

        var admin = await host.AdminTokenAsync();
        foreach (var password in new[] { emoji[..8], "m!7Vq2e\u0301", $"{longest}x" })
            await host.PostAsync(Administration.Root, admin, new { id = NewName("x"), password }).ProblemAsync(HttpStatusCode.BadRequest);
    }

    private Task<HttpResponseMessage> LoginAsync(string user, string password) =>
        host.LoginWithAsync(Write(Writing.Json, ("username", user), ("password", password), ("service", "app")));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PasswordTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PasswordTests(store.Host);
}
