using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Every way of setting a password applies the configured policy. Existing passwords stay valid.</summary>
public abstract class PasswordPolicyTests(AuthHost host, ClassHosts hosts)
{
    private const string Of8 = "m!7Vq2zK";
    private const string Of14 = "plum kettle 93";
    private const string Of15 = "plum kettle 93!";
    private const string Of20 = "plum kettle 93 orbit";
    private const string Pattern = "k7$Wz!qk7$Wz!qk7$Wz!q";

    private static readonly Settings Longer = new() { ["Passwords:MinimumLength"] = "15", ["Passwords:MinimumLengthForAdministrators"] = "20" };

    public static readonly TheoryData<string> Ways = ["create", "set", "patch", "change", "reset", "page"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_person_needs_8_characters_that_repeat_no_pattern(string way)
    {
        await RefusedAsync(host, way, "USER", Of8[..7], "at least 8 characters");
        await RefusedAsync(host, way, "USER", Pattern, "repeats one pattern");
        await TakenAsync(host, way, "USER", Of8);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_administrator_needs_15(string way)
    {
        await RefusedAsync(host, way, "ADMIN", Of14, "at least 15 characters");
        await TakenAsync(host, way, "ADMIN", Of15);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Settings_say_otherwise(string way)
    {
        var strict = await hosts.TwinAsync(Longer);

        await RefusedAsync(strict, way, "USER", Of14, "at least 15 characters");
        await TakenAsync(strict, way, "USER", Of15);
        await RefusedAsync(strict, way, "ADMIN", Of20[..19], "at least 20 characters");
        await TakenAsync(strict, way, "ADMIN", Of20);
    }

    [Theory]
    [InlineData("USER", Of14, "at least 15 characters", Of15)]
    [InlineData("ADMIN", "plum kettle 93 orbi", "at least 20 characters", Of20)]
    public async Task Commands_judge_as_the_APIs_do(string role, string refused, string words, string taken)
    {
        var id = NewName("policy");

        (await RunAsync(["user", "add", id, "--role", role], refused)).Refused(1, words);
        (await RunAsync(["user", "add", id, "--role", role], taken)).Expect(0);
        (await RunAsync(["user", "password", id], refused)).Refused(1, words);

        await host.LoginAsync(id, taken);
    }

    [Fact]
    public async Task Who_becomes_an_administrator_keeps_the_password_and_a_new_one_is_judged_by_the_new_role()
    {
        var person = await host.CreatePersonAsync(new() { ["password"] = Of8 });
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));

        await host.PatchAsync(path, admin, new { role = "ADMIN", password = Of14 }).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PatchAsync(path, admin, new { role = "ADMIN" }).ExpectAsync(HttpStatusCode.OK);
        await host.LoginAsync(person.Id, Of8);
        await host.PatchAsync(path, admin, new { role = "USER", password = Of14 }).ExpectAsync(HttpStatusCode.OK);
        await host.LoginAsync(person.Id, Of14);
    }

    [Fact]
    public async Task A_longer_minimum_leaves_passwords_that_are_there()
    {
        var person = await host.CreatePersonAsync(new() { ["password"] = Of8 });
        var strict = await hosts.TwinAsync(Longer);

        await strict.LoginAsync(person.Id, Of8);
    }

    [Fact]
    public async Task The_page_says_both_lengths_where_they_differ()
    {
        Assert.Contains("At least 8 characters; administrators need at least 15. ", await PageAsync(host), StringComparison.Ordinal);
        await using var strict = await host.StartTwinAsync(new() { ["Passwords:MinimumLength"] = "20" });

        var page = await PageAsync(strict);

        Assert.Contains("At least 20 characters. ", page, StringComparison.Ordinal);
        Assert.Contains("minlength=\"20\"", page, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(AuthHost at, string way, string role, string password, string words) =>
        Assert.Contains(words, await TrySetAsync(at, way, role, password), StringComparison.Ordinal);

    private async Task TakenAsync(AuthHost at, string way, string role, string password) => Assert.Empty(await TrySetAsync(at, way, role, password));

    /// <returns>The reason of the refusal; empty if the password was set and signs in.</returns>
    private async Task<string> TrySetAsync(AuthHost at, string way, string role, string password)
    {
        var isReset = way is "reset" or "page";
        var person = way is "create"
            ? new Person(NewName("policy"), NewPassword(), Uuid: "")
            : await host.CreatePersonAsync(new() { ["role"] = role, ["passwordResetRequested"] = isReset });
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));
        using var response = await (way switch
        {
            "create" => at.PostAsync(Administration.Root, admin, new { id = person.Id, role, password }),
            "set" => at.PutAsync($"{path}/password", admin, new { password }),
            "patch" => at.PatchAsync(path, admin, new { password }),
            "change" => at.TryChangePasswordAsync((await host.LoginAsync(person)).AccessToken, person.Password, password),
            "reset" => at.Http.TryResetAsync(await host.Http.ResetTokenAsync(person.Id, person.Password), password),
            _ => at.SendAsync(HttpMethod.Post, "/login/new-password", json: new FormUrlEncodedContent(
                [new("token", await host.Http.ResetTokenAsync(person.Id, person.Password)), new("newPassword", password), new("service", "web")])),
        });
        if (response.StatusCode is HttpStatusCode.BadRequest)
            return await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        await host.LoginAsync(person.Id, password);
        return "";
    }

    private async Task<CommandResult> RunAsync(string[] command, string password)
    {
        using var folder = new ServiceFolder();
        return await folder.RunAsync(CommandRuns.OnStoreOf(host).With(Longer), command, password);
    }

    private static async Task<string> PageAsync(AuthHost at)
    {
        var person = await at.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        using var response = await at.SendAsync(
            HttpMethod.Post, "/login?service=web",
            json: new FormUrlEncodedContent([new("username", person.Id), new("password", person.Password), new("service", "web")]));
        return await response.Content.ReadAsStringAsync();
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : PasswordPolicyTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : PasswordPolicyTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}
