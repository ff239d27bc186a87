using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.PasskeyCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>If the store fails while a passkey is checked, the response is a fault and not "incorrect passkey".</summary>
public abstract class PasskeyFaultTests(AuthHost host)
{
    [Fact]
    public async Task Without_the_store_of_passkeys_none_is_called_wrong()
    {
        await using var broken = await host.StartAnotherAsync();
        using var authenticator = new SoftwareAuthenticator();
        using var another = new SoftwareAuthenticator();
        var (person, session) = await broken.PasskeyOwnerAsync(authenticator);
        var token = session.AccessToken;
        var (signIn, proof, setUp) = (await broken.PasskeyPromptAsync(), await broken.ProofPromptAsync(token), await broken.NewPasskeyPromptAsync(token));

        await broken.Database.ExecuteAsync("ALTER TABLE passkeys RENAME TO passkeys_gone");
        await ExpectUnavailableAsync(broken.TryPasskeyLoginAsync(signIn, authenticator.Get(signIn.Options)), "errorCode");
        await ExpectUnavailableAsync(
            broken.TryProveAsync(token, new { challengeId = proof.ChallengeId, credential = authenticator.Get(proof.Options) }), "errorCode");
        await ExpectUnavailableAsync(broken.TryAddPasskeyAsync(token, setUp, another.Create(setUp.Options)), "status");
        await ExpectUnavailableAsync(broken.PostAsync(SetUpOptions, token), "status");
        await ExpectUnavailableAsync(broken.PostAsync(ProofOptions, token), "errorCode");
        await ExpectUnavailableAsync(broken.GetAsync(Own, token), "status");
        await broken.Database.ExecuteAsync("ALTER TABLE passkeys_gone RENAME TO passkeys");

        Assert.DoesNotContain(
            await broken.AuditAsync(await broken.AdminTokenAsync(), $"?principal={person.Id}"), entry => entry.Text("outcome") is not "success");
        await broken.LoginAsync(authenticator);
        await broken.AddPasskeyAsync(token, another);
    }

    /// <summary>An unreadable row is a fault of the service, whatever exception it causes.</summary>
    [Fact]
    public async Task A_row_that_cannot_be_read_is_no_wrong_passkey()
    {
        await using var broken = await host.StartAnotherAsync();
        using var authenticator = new SoftwareAuthenticator();
        await broken.PasskeyOwnerAsync(authenticator);
        var prompt = await broken.PasskeyPromptAsync();

        await broken.Database.ExecuteAsync("UPDATE passkeys SET last_used_at = 900000000000000000");

        await broken.TryPasskeyLoginAsync(prompt, authenticator.Get(prompt.Options)).RefusalAsync(HttpStatusCode.InternalServerError);
    }

    private static async Task ExpectUnavailableAsync(Task<HttpResponseMessage> sending, string member)
    {
        using var response = await sending;
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.NotEmpty((await response.ExpectAsync(HttpStatusCode.ServiceUnavailable)).Text(member));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PasskeyFaultTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PasskeyFaultTests(store.Host);
}
