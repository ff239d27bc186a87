using System.Net;
using System.Text.Json.Nodes;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks app tokens and the applications that they are for.</summary>
internal sealed class AppTokenChecks(Deployment deployment, TestAccounts accounts)
{
    private const string Applications = "/api/v1/app/";

    public IEnumerable<Check> All() => [new("app token", "opens its own application only, and nothing once it has logged out", OpensItsOwnAsync)];

    private async Task OpensItsOwnAsync()
    {
        var service = await accounts.CreateServiceAsync();
        await WithApplicationAsync(service, own => WithApplicationAsync(service, async other =>
        {
            var link = (await deployment.PostAsync($"/api/v1/auth/app-portal-access/{own}/", service, new JsonObject())).ExpectAvailable();
            var token = link.Expect(HttpStatusCode.OK).Member("token");
            (await deployment.GetAsync(PathOf(own), token)).Expect(HttpStatusCode.OK);
            (await deployment.GetAsync(PathOf(other), token)).Expect(HttpStatusCode.NotFound);
            (await deployment.GetAsync(Applications, token)).Expect(HttpStatusCode.Forbidden);
            (await deployment.PostAsync("/api/v1/auth/logout/", token)).Expect(HttpStatusCode.NoContent);
            (await deployment.GetAsync(PathOf(own), token)).Expect(HttpStatusCode.Unauthorized);
        }));
    }

    private async Task WithApplicationAsync(string service, Func<string, Task> use)
    {
        var create = new Call(HttpMethod.Post, Applications) { Bearer = service, Body = new JsonObject { ["name"] = $"{TestAccounts.Prefix}application" } };
        var id = (await deployment.SendUninterruptedAsync(create)).Expect(HttpStatusCode.Created).Member("id");
        try
        {
            await use(id);
        }
        finally
        {
            var delete = new Call(HttpMethod.Delete, PathOf(id)) { Bearer = service };
            (await deployment.SendUninterruptedAsync(delete)).Expect(HttpStatusCode.NoContent);
        }
    }

    private static string PathOf(string application) => $"{Applications}{application}/";
}
