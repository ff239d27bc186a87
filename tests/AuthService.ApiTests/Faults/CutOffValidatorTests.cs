using System.Net;
using AuthService.ApiTests.Client;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Client;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// The network between AuthService and services that validate access tokens with its package is cut for a minute. The services know how old their
/// list of revocations is and do what their settings say. Afterwards they know every revocation of that minute, from whichever instance they read it.
/// </summary>
public abstract class CutOffValidatorTests(AuthHost host)
{
    private const int RevokedMeanwhile = 12;

    private static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(WhenStale.Refuse, HttpStatusCode.ServiceUnavailable)]
    [InlineData(WhenStale.Ask, HttpStatusCode.ServiceUnavailable)]
    [InlineData(WhenStale.Allow, HttpStatusCode.OK)]
    public async Task It_does_as_it_is_set_and_misses_nothing(WhenStale whenStale, HttpStatusCode whileCutOff)
    {
        await using var other = await host.StartTwinAsync();
        await using var files = await StartAsync(whenStale);
        var (known, kept) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
        SignedIn[] revoked = await Task.WhenAll(Enumerable.Range(0, RevokedMeanwhile).Select(_ => host.SignedInPersonAsync()));
        await SignOutAsync(host, known);
        await Eventually.TrueAsync(() => files.Revocations is { IsStale: false, Entries: > 0 });
        await Eventually.TrueAsync(async () => await StatusAsync(files, known) is HttpStatusCode.Unauthorized);

        await CutOffAsync(files.Gateway);
        for (var i = 0; i < revoked.Length; i++)
            await SignOutAsync(i % 2 == 0 ? host : other, revoked[i]);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(files.Revocations is { IsStale: true, Age: { } age } && age >= TimeSpan.FromMinutes(1), $"{files.Revocations.Age}");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(files, known));
        foreach (var person in revoked.Append(kept))
            Assert.Equal(whileCutOff, await StatusAsync(files, person));

        files.Gateway.LeadTo(other);
        files.Gateway.First = _ => Task.FromResult(false);

        await Eventually.TrueAsync(() => !files.Revocations.IsStale);
        foreach (var person in revoked) // at once: a service that reports an up-to-date list knows everything
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(files, person));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(files, kept));
        ProofTable.Add("Faults", $"Validators cut off for a minute ({whenStale}, {host.Database.Store})", $"{revoked.Length} revocations meanwhile, 0 missed");
    }

    private async Task<FileService> StartAsync(WhenStale whenStale)
    {
        var account = await host.CreateServiceAsync();
        var files = await FileService.StartAsync(
            host,
            account,
            bearer: options => options.Revocation = new() { WhenStale = whenStale, MaxStaleness = MaxStaleness, Wait = TimeSpan.FromSeconds(1) });
        await Eventually.TrueAsync(() => !files.Revocations.IsStale);
        await files.SeeAsync((await host.SignedInPersonAsync()).AccessToken); // so that it has read the keys
        return files;
    }

    /// <summary>Cuts the network: no call passes any more, and calls that began before are aborted.</summary>
    private static Task CutOffAsync(Gateway network)
    {
        network.First = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        var calls = network.CallsOf("/revocations");
        return Eventually.TrueAsync(() => network.CallsOf("/revocations") > calls + 1);
    }

    private static async Task SignOutAsync(AuthHost instance, SignedIn person) =>
        await instance.PostAsync("/auth/logout", person.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

    private static async Task<HttpStatusCode> StatusAsync(FileService files, SignedIn person)
    {
        using var response = await files.GetAsync("/me", person.AccessToken);
        return response.StatusCode;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : CutOffValidatorTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : CutOffValidatorTests(store.Host);
}
