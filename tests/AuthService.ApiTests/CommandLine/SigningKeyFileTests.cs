using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Signing keys in files can change one file at a time while the service reads the files.</summary>
public sealed class SigningKeyFileTests : IDisposable
{
    private const string KeyId = "Jwt:SigningKeys:0:KeyId";
    private const string Pem = "Jwt:SigningKeys:0:PrivateKeyPem";
    private const string SigningKeysPath = "/.well-known/jwks.json";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ServiceFolder _folder = new();
    private readonly SettingFolder _files = new();
    private readonly Settings _old = SigningKeys.At(0, "ES256", "first");
    private readonly Settings _new = SigningKeys.At(0, "ES256", "second");

    /// <summary>In the Compose file the name is an environment variable, and the new key is written over the old one.</summary>
    [Theory]
    [InlineData(Pem, KeyId, "Jwt:SigningKeys:0: the KeyId \\u0022first\\u0022 is in use with another key; give the new key another name")]
    [InlineData(KeyId, Pem, "Jwt:SigningKeys:0: the key of \\u0022second\\u0022 is that of \\u0022first\\u0022; a key keeps its name")]
    public async Task A_key_takes_the_place_of_another_once_both_its_files_are_there(string one, string other, string words)
    {
        var settings = ServiceFolder.ForProduction().With(_files.Settings)
            .With(new() { [KeyId] = "first", [Pem] = null, ["RateLimits:Enabled"] = "false" }); // it signs in until the new key signs
        _files.Write(new() { [Pem] = _old[Pem] });
        await using var service = _folder.Start(settings);
        await service.WaitUntilReadyAsync();
        var (before, published) = (await SignInAsync(service), await service.Http.GetStringAsync(SigningKeysPath));

        _files.Write(new() { [one] = _new[one] });
        await UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains(words, StringComparison.Ordinal))), $"\"{words}\" is in the log");
        Assert.Equal("first", KeyOf(await SignInAsync(service)));
        Assert.Equal(published, await service.Http.GetStringAsync(SigningKeysPath));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, before));

        _files.Write(new() { [other] = _new[other] });
        await UntilAsync(async () => KeyOf(await SignInAsync(service)) == "second", "the new key signs");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(service, before));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, await SignInAsync(service)));
    }

    /// <summary>The path is the setting, not the content of the file: the content is read again whenever any setting changes.</summary>
    [Fact]
    public async Task Another_key_in_the_file_of_one_in_use_is_refused()
    {
        var file = Path.Combine(_folder.Path, "signing.pem");
        await File.WriteAllTextAsync(file, _old[Pem]);
        var settings = ServiceFolder.ForProduction().With(_files.Settings);
        await using var service = _folder.Start(settings.With(new() { [KeyId] = "first", [Pem] = null, ["Jwt:SigningKeys:0:PrivateKeyFile"] = file }));
        await service.WaitUntilReadyAsync();
        var before = await SignInAsync(service);

        await File.WriteAllTextAsync(file, _new[Pem]);
        _files.Write(new() { ["Jwt:AccessTokenLifetime"] = "00:05:00" });

        const string Words = "the KeyId \\u0022first\\u0022 is in use with another key";
        await UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains(Words, StringComparison.Ordinal))), "it is refused");
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, before));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, await SignInAsync(service)));
    }

    /// <summary>Services that verify tokens remember the algorithm of a key together with the key.</summary>
    [Fact]
    public async Task Another_algorithm_for_a_key_in_use_is_refused()
    {
        var rsa = SigningKeys.At(0, "PS256", "first");
        _files.Write(new() { ["Jwt:SigningKeys:0:Algorithm"] = "PS256" });
        await using var service = _folder.Start(
            ServiceFolder.ForProduction().With(rsa).With(new() { ["Jwt:SigningKeys:0:Algorithm"] = null }).With(_files.Settings));
        await service.WaitUntilReadyAsync();
        var before = await SignInAsync(service);

        _files.Write(new() { ["Jwt:SigningKeys:0:Algorithm"] = "RS256" });

        const string Words = "the KeyId \\u0022first\\u0022 is in use with PS256; add another key for RS256";
        await UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains(Words, StringComparison.Ordinal))), "it is refused");
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, before));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, await SignInAsync(service)));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private static string? KeyOf(string token) => Requests.HeaderOf(token).Text("kid");

    private static async Task<string> SignInAsync(ServiceProcess service) =>
        (await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    private static async Task<HttpStatusCode> StatusOfAsync(ServiceProcess service, string token)
    {
        using var answer = await service.Http.SendAsync(HttpMethod.Get, "/auth/sessions", token);
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
            await Task.Delay(500);
        }
    }
}
