using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Secrets can be files, as Docker and Kubernetes provide them, and can change while the service runs.</summary>
public sealed class SettingFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ServiceFolder _folder = new();
    private readonly SettingFolder _files = new();

    /// <summary>All settings except the signing key. Sign-ins are not limited, because the tests sign in until another key signs.</summary>
    private Settings Others => ServiceFolder.ForProduction()
        .With(new() { ["Jwt:SigningKeys:0:KeyId"] = null, ["Jwt:SigningKeys:0:PrivateKeyPem"] = null, ["RateLimits:Enabled"] = "false" })
        .With(_files.Settings);

    [Fact]
    public async Task A_signing_key_in_a_file_signs_and_wins_over_one_from_elsewhere()
    {
        _files.Write(SigningKeys.At(0, "ES384", "from-a-file"));
        await using var service = _folder.Start(ServiceFolder.ForProduction().With(_files.Settings));
        await service.WaitUntilReadyAsync();

        Assert.Equal("from-a-file", await SigningKeyAsync(service));
    }

    [Fact]
    public async Task A_key_that_is_added_while_the_service_runs_is_taken_over()
    {
        _files.Write(SigningKeys.At(0, "ES256", "first"));
        await using var service = _folder.Start(Others);
        await service.WaitUntilReadyAsync();
        Assert.Equal("first", await SigningKeyAsync(service));

        _files.Write(SigningKeys.At(1, "ES256", "second", activeFrom: TimeProvider.System.GetUtcNow().AddDays(-1)));

        await UntilItSignsAsync(service, "second");
    }

    [Fact]
    public async Task A_key_that_Kubernetes_exchanges_is_taken_over()
    {
        var first = SigningKeys.At(0, "ES256", "first");
        _files.Exchange(first);
        await using var service = _folder.Start(Others);
        await service.WaitUntilReadyAsync();
        Assert.Equal("first", await SigningKeyAsync(service));

        _files.Exchange(SigningKeys.At(0, "ES256", "second"));

        await UntilItSignsAsync(service, "second");
    }

    [Fact]
    public async Task A_faulty_file_is_reported_and_leaves_the_keys_as_they_were()
    {
        _files.Write(SigningKeys.At(0, "ES256", "first"));
        await using var service = _folder.Start(Others);
        await service.WaitUntilReadyAsync();

        _files.Write(new() { ["Jwt:SigningKeys:1:KeyId"] = "half-written" });
        await UntilAsync(() => Task.FromResult(service.Output.Any(line => line.Contains("half-written", StringComparison.Ordinal))), "the fault is reported");
        Assert.Equal("first", await SigningKeyAsync(service));

        _files.Write(SigningKeys.At(1, "ES256", "whole", activeFrom: TimeProvider.System.GetUtcNow().AddDays(-1)));
        await UntilItSignsAsync(service, "whole");
    }

    /// <summary>An operator removes a signing key when it has leaked.</summary>
    [Fact]
    public async Task The_tokens_of_a_key_that_is_taken_away_are_refused_within_seconds()
    {
        _files.Write(SigningKeys.At(0, "ES256", "leaked"));
        await using var service = _folder.Start(Others);
        await service.WaitUntilReadyAsync();
        var session = await service.Http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, session.AccessToken));

        _files.Write(SigningKeys.At(1, "ES256", "new", activeFrom: TimeProvider.System.GetUtcNow().AddDays(-1)));
        await UntilItSignsAsync(service, "new");
        _files.Delete("Jwt:SigningKeys:0");

        await UntilAsync(async () => await StatusOfAsync(service, session.AccessToken) is HttpStatusCode.Unauthorized, "its token is refused");
        var refreshed = await service.Http.SendAsync(HttpMethod.Post, "/auth/refresh", session.RefreshToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(service, refreshed.Text("accessToken")));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private static Task UntilItSignsAsync(ServiceProcess service, string keyId) =>
        UntilAsync(async () => await SigningKeyAsync(service) == keyId, $"\"{keyId}\" signs");

    private static async Task<HttpStatusCode> StatusOfAsync(ServiceProcess service, string token)
    {
        using var answer = await service.Http.SendAsync(HttpMethod.Get, "/auth/sessions", token);
        return answer.StatusCode;
    }

    private static async Task<string> SigningKeyAsync(ServiceProcess service)
    {
        var answer = await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        return Requests.HeaderOf(answer.Text("accessToken")).Text("kid");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, $"It did not come that {what}");
            await Task.Delay(200);
        }
    }
}
