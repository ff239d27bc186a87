using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Sessions;
using AuthService.ApiTests.Signals;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor reports missing and unused encryption keys of the rows in a store.</summary>
public abstract class DoctorEncryptionKeyTests(AuthHost host) : IDisposable
{
    private const string Sealed = "authenticator apps (1), apps being connected (1), stored SSO tokens (1), mails that wait (1), kept answers (1), "
        + "receivers' authorization headers (1)";
    private const string Missing = "\"old\" is not configured, and without it cannot be read";

    private readonly ServiceFolder _folder = new();
    private readonly EncryptionKey _old = new("old");
    private readonly EncryptionKey _new = new("new");

    [Fact]
    public async Task A_key_must_stay_until_no_row_needs_it()
    {
        await using var own = await StartWithRowsAsync();

        Finds(await ExamineAsync(own, _old), "ok   ", "\"old\" writes");
        var rotated = await ExamineAsync(own, _new, _old);
        Finds(rotated, "ok   ", "\"new\" writes");
        Finds(rotated, "note ", $"\"old\" must stay, for it is needed by: {Sealed}");
        Assert.DoesNotContain("WRONG encryption keys", rotated.Output, StringComparison.Ordinal);

        foreach (var table in (string[])["totp_factors", "sign_in_challenges", "stored_tokens", "outbox_mails", "kept_answers", "signal_streams"])
            await own.Database.ExecuteAsync($"DELETE FROM {table}");
        Finds(await ExamineAsync(own, _new, _old), "ok   ", "\"old\" is needed by no row");
        Assert.DoesNotContain("\"old\"", (await ExamineAsync(own, _new)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_gone_while_rows_need_it_is_wrong()
    {
        await using var own = await StartWithRowsAsync();

        var found = await ExamineAsync(own, _new);

        Finds(found, "WRONG", $"{Missing}: {Sealed}");
        Finds(await ExamineAsync(own), "WRONG", Missing);
    }

    [Fact]
    public async Task Another_key_of_the_same_name_is_wrong()
    {
        await using var own = await StartWithRowsAsync();

        var found = await ExamineAsync(own, new EncryptionKey(_old.Id));

        Finds(found, "WRONG", "\"old\" is another key than the one of that name that wrote authenticator apps, stored SSO tokens, "
            + "receivers' authorization headers. ");
    }

    [Fact]
    public async Task What_is_over_needs_no_key()
    {
        await using var own = await StartWithRowsAsync();
        await own.Database.ExecuteAsync("UPDATE sign_in_challenges SET expire_at = 1");
        await own.Database.ExecuteAsync("UPDATE outbox_mails SET expire_at = 1");
        await own.Database.ExecuteAsync("UPDATE kept_answers SET forget_at = 1");

        Finds(await ExamineAsync(own, _new), "WRONG", $"{Missing}: authenticator apps (1), stored SSO tokens (1), receivers' authorization headers (1). Add");
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void Finds(CommandResult found, string mark, string words)
    {
        found.Expect(1); // no service runs at the public address in this test, so the exit code is 1
        Assert.Single(found.Output.Split('\n'), line => line.StartsWith($"{mark} encryption keys: {words}", StringComparison.Ordinal));
    }

    /// <summary>Starts an instance with one row of each encrypted kind in its store.</summary>
    private async Task<AuthHost> StartWithRowsAsync()
    {
        var own = await host.StartAnotherAsync(MailDrafts.Unreachable.With(EncryptionKey.SettingsOf(_old)));
        await own.GuardedAsync();
        await own.PostAsync(SecondFactorCalls.SetUp, (await own.LoginAsync(await own.CreatePersonAsync())).AccessToken).ExpectAsync(HttpStatusCode.OK);
        var service = await own.NewServiceTokenAsync();
        var delivery = new { method = SignalCalls.Push, endpoint_url = "https://receiver.invalid", authorization_header = "Bearer x" };
        await own.PostAsync(SignalCalls.Streams, service, new { delivery }).ExpectAsync(HttpStatusCode.Created);
        var session = await own.OpenAsync(service, await own.CreatePersonAsync());
        await own.PutAsync($"/sessions/{session}/tokens/graph", service, new StringContent("x")).ExpectAsync(HttpStatusCode.NoContent);
        await own.PostWithKeyAsync(AppTokenCalls.Applications, service, "key", new { name = "n" }).CreatedIdAsync();
        Assert.True(await own.TryEnqueueAsync(MailDrafts.Reset("ada@example.com")));
        return own;
    }

    private Task<CommandResult> ExamineAsync(AuthHost own, params EncryptionKey[] keys)
    {
        var settings = ServiceFolder.ForProduction().With(own.Database.Settings).With(new() { ["Jwt:Issuer"] = "http://127.0.0.1:1" });
        foreach (var setting in EncryptionKey.SettingsOf(_old).Keys)
            settings.Remove(setting);
        return _folder.RunAsync(settings.With(EncryptionKey.SettingsOf(keys)), ["doctor"]);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DoctorEncryptionKeyTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DoctorEncryptionKeyTests(store.Host);
}
