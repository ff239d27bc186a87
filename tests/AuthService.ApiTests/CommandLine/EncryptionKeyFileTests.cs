using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using OtpNet;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Encryption keys in files can swap places one file at a time while the service reads the files.</summary>
public sealed class EncryptionKeyFileTests : IDisposable
{
    /// <summary>Turns rate limits off, because many people sign in until a change is noticed.</summary>
    private static readonly Settings Unlimited = new() { ["RateLimits:Enabled"] = "false" };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ServiceFolder _folder = new();
    private readonly SettingFolder _files = new();
    private readonly EncryptionKey _old = new("old");
    private readonly EncryptionKey _new = new("new");

    [Fact]
    public async Task While_two_keys_change_places_nothing_is_sealed_that_cannot_be_opened()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Sqlite);
        _files.Write(EncryptionKey.SettingsOf(_old, _new));
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(Unlimited).With(database.Settings).With(_files.Settings));
        await service.WaitUntilReadyAsync();
        var connected = new List<Connected> { await ConnectAsync(service) };

        var swapped = EncryptionKey.SettingsOf(_new, _old);
        foreach (var file in new[] { "Encryption:Keys:0:KeyId", "Encryption:Keys:1:KeyId", "Encryption:Keys:0:Key" })
        {
            var told = Refusals(service);
            _files.Write(new() { [file] = swapped[file] });
            await UntilAsync(() => Task.FromResult(Refusals(service) > told), $"the change of {file} is refused");
            connected.Add(await ConnectAsync(service));
        }

        Assert.Equal(connected.Count, await database.CountAsync("totp_factors WHERE key_id = 'old'"));
        _files.Write(swapped);
        await UntilAsync(
            async () =>
            {
                connected.Add(await ConnectAsync(service));
                return await database.CountAsync("totp_factors WHERE key_id = 'new'") > 0;
            },
            "the new key seals");

        foreach (var person in connected)
            await SignInAsync(service, person);
    }

    /// <summary>In the Compose file the name is an environment variable, which cannot change without a restart.</summary>
    [Fact]
    public async Task A_key_in_use_is_not_exchanged_for_another_of_its_name_nor_given_another_name()
    {
        var settings = ServiceFolder.ForProduction().With(Unlimited).With(_files.Settings);
        settings["Encryption:Keys:0:KeyId"] = "first";
        _files.Write(new() { ["Encryption:Keys:0:Key"] = _old.Key });
        await using var service = _folder.Start(settings);
        await service.WaitUntilReadyAsync();
        var before = await ConnectAsync(service);

        _files.Write(new() { ["Encryption:Keys:0:Key"] = _new.Key });
        await UntilToldAsync(service, "Encryption:Keys:0: the KeyId \\u0022first\\u0022 is in use with another Key; give the new key another name");
        var meanwhile = await ConnectAsync(service);
        _files.Write(new() { ["Encryption:Keys:0:Key"] = _old.Key, ["Encryption:Keys:0:KeyId"] = "second" });
        await UntilToldAsync(service, "the Key of \\u0022second\\u0022 is that of \\u0022first\\u0022");

        await SignInAsync(service, before);
        await SignInAsync(service, meanwhile);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private static int Refusals(ServiceProcess service) => service.Output.Count(line =>
        line.Contains("was not taken over", StringComparison.Ordinal) && line.Contains("Encryption:Keys", StringComparison.Ordinal));

    private static Task UntilToldAsync(ServiceProcess service, string words) =>
        UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains(words, StringComparison.Ordinal))), $"\"{words}\" is in the log");

    private static async Task<Connected> ConnectAsync(ServiceProcess service)
    {
        var admin = await service.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        var (id, password) = (NewName("connected"), NewPassword());
        await service.Http.SendAsync(HttpMethod.Post, "/admin/principals", admin.AccessToken, new { id, password }).ExpectAsync(HttpStatusCode.Created);
        var session = await service.Http.LoginAsync(id, password);
        var begun = await service.Http.SendAsync(HttpMethod.Post, SecondFactorCalls.SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        var connected = new Connected(id, password, new Totp(Base32Encoding.ToBytes(begun.Text("secret"))));
        await TryAnswerAsync(service, begun.Text("challengeId"), connected.App.ComputeTotp()).ExpectAsync(HttpStatusCode.NoContent);
        return connected;
    }

    /// <summary>Signs in with the code of the next time step, which is accepted too. The current code may already be used.</summary>
    private static async Task SignInAsync(ServiceProcess service, Connected person)
    {
        var challenge = await service.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.OK);
        var code = person.App.ComputeTotp(TimeProvider.System.GetUtcNow().Add(SecondFactorCalls.Step).UtcDateTime);
        await TryAnswerAsync(service, challenge.Text("2fa"), code).ExpectAsync(HttpStatusCode.OK);
    }

    private static Task<HttpResponseMessage> TryAnswerAsync(ServiceProcess service, string challenge, string code) =>
        service.Http.SendAsync(HttpMethod.Post, SecondFactorCalls.Challenge, json: new { challengeId = challenge, verificationCode = code });

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
            await Task.Delay(500);
        }
    }

    private sealed record Connected(string Id, string Password, Totp App);
}
