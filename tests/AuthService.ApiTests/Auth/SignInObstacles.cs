using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>The states in which a person gets no session, whatever they sign in with.</summary>
internal static class SignInObstacles
{
    /// <summary>The sign-in stops at the second step.</summary>
    public const string Factor = "owes a factor";

    public const string NewPassword = "owes a new password";

    public static readonly string[] All = ["locked", "disabled", "deleted", NewPassword];

    /// <summary>Returns the expected status, which is the same for every way to sign in.</summary>
    /// <param name="obstacle">The state of the person.</param>
    /// <param name="isSecondStep">Whether the state began between the two steps. A change that revokes earlier sign-ins then voids the challenge too.</param>
    public static HttpStatusCode StatusOf(string obstacle, bool isSecondStep = false) => obstacle switch
    {
        "locked" => HttpStatusCode.TooManyRequests,
        NewPassword when !isSecondStep => HttpStatusCode.Forbidden,
        Factor => HttpStatusCode.OK,
        _ => HttpStatusCode.Unauthorized,
    };

    public static async Task PutAsync(this AuthHost host, Person person, string obstacle)
    {
        var (admin, path) = (await host.AdminTokenAsync(), Administration.PathOf(person.Id));
        switch (obstacle)
        {
            case "locked":
                for (var i = 0; i < 5; i++)
                    await host.TryLoginAsync(person.Id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);
                break;
            case "disabled":
                await host.PatchAsync(path, admin, new JsonObject { ["state"] = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);
                break;
            case "deleted":
                await host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent);
                break;
            case NewPassword:
                await host.PatchAsync(path, admin, new JsonObject { ["passwordResetRequested"] = true }).ExpectAsync(HttpStatusCode.OK);
                break;
        }
    }

    /// <summary>Fails unless the attempt on a locked name is in the audit log.</summary>
    public static async Task ExpectOnRecordAsync(this AuthHost host, Person person, string obstacle)
    {
        if (obstacle is not "locked")
            return;
        var entries = await host.AuditAsync(await host.AdminTokenAsync(), $"?event=sign_in&principal={person.Id}");
        Assert.Single(entries, entry => entry.GetProperty("detail").GetString() == "locked");
    }
}
