using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace AuthService.Benchmarks.Service;

/// <summary>The people and sessions of a run, all created through the public API.</summary>
/// <param name="Password">The password of all people.</param>
/// <param name="PersonIds">The ids of the people. Each has signed in through an application and through a web page.</param>
/// <param name="RefreshTokens">The refresh tokens of the application sessions.</param>
/// <param name="AccessTokens">The access tokens of the application sessions.</param>
/// <param name="WebSessions">The cookies and CSRF tokens of the web sessions.</param>
/// <param name="SessionIds">The ids of the application sessions.</param>
/// <param name="ListedPersonToken">The access token of a person with twenty sessions.</param>
/// <param name="ServiceToken">The access token of a service account.</param>
/// <param name="PeopleWithApps">Other people, one for each core.</param>
internal sealed record PreparedSessions(
    string Password,
    IReadOnlyList<string> PersonIds,
    IReadOnlyList<string> RefreshTokens,
    IReadOnlyList<string> AccessTokens,
    IReadOnlyList<(string Cookie, string CsrfToken)> WebSessions,
    IReadOnlyList<string> SessionIds,
    string ListedPersonToken,
    string ServiceToken,
    IReadOnlyList<PersonWithApp> PeopleWithApps)
{
    public const int ListedSessions = 20;
    public const string Service = "_bench";
    private const string ListedPerson = "bench-listed";

    public string ListedPersonSession => SessionIdOf(ListedPersonToken);

    /// <summary>Creates the people and signs them in, several at the same time because their passwords must be hashed.</summary>
    public static async Task<PreparedSessions> MakeAsync(ServiceInstance instance, int persons, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(instance);
        const string app = ServiceInstance.AppLoginService;
        var admin = await client.LoginAsync(ServiceInstance.AdminId, instance.AdminPassword, app, cancellationToken);
        var password = "Bench-" + RandomNumberGenerator.GetHexString(24);
        string[] ids = [.. Enumerable.Range(0, persons).Select(i => $"bench-person-{i:0000}")];

        await Parallel.ForEachAsync(
            ids.Append(ListedPerson),
            cancellationToken,
            async (id, cancellation) => await client.CreatePersonAsync(admin.AccessToken, id, password, cancellation));
        var appSignIns = await SignInAsync(ids, app);
        var webSignIns = await SignInAsync(ids, ServiceInstance.WebLoginService);
        var listed = await SignInAsync([.. Enumerable.Repeat(ListedPerson, ListedSessions)], app);
        var withApps = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(i =>
            PersonWithApp.MakeAsync(client, admin.AccessToken, $"bench-with-app-{i}", password, cancellationToken)));
        var service = await client.CreateServiceAsync(admin.AccessToken, Service, cancellationToken);

        return new PreparedSessions(
            password,
            ids,
            [.. appSignIns.Select(signIn => signIn.RefreshToken!)],
            [.. appSignIns.Select(signIn => signIn.AccessToken)],
            [.. webSignIns.Select(signIn => (signIn.Cookie!, signIn.CsrfToken!))],
            [.. appSignIns.Select(signIn => SessionIdOf(signIn.AccessToken))],
            listed[^1].AccessToken,
            await client.RefreshAsync(service, cancellationToken),
            withApps);

        async Task<SignIn[]> SignInAsync(string[] people, string loginService)
        {
            var signIns = new SignIn[people.Length];
            await Parallel.ForAsync(0, people.Length, cancellationToken, async (i, cancellation) =>
                signIns[i] = await client.LoginAsync(people[i], password, loginService, cancellation));
            return signIns;
        }
    }

    private static string SessionIdOf(string accessToken)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(accessToken.Split('.')[1]));
        return claims.RootElement.GetProperty("sid").GetString()!;
    }
}
