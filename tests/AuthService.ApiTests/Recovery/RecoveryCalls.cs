using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Recovery;

/// <summary>Makes the calls of people who lost access to their account or change their address.</summary>
public static class RecoveryCalls
{
    public const string RequestReset = "/api/password/reset";
    public const string Email = "/account/email";
    public const string Confirm = "/account/email/confirm";
    public const string NotMe = "/account/not-me";

    public static async Task<(Person Person, string Address)> ReachablePersonAsync(this AuthHost host, string name = "ada", JsonObject? facts = null)
    {
        var body = facts ?? [];
        var address = (string?)body["email"] ?? Mailbox.NewAddressOf(name);
        body["email"] = address;
        return (await host.CreatePersonAsync(body), address);
    }

    public static Task<HttpResponseMessage> TryRequestResetAsync(this AuthHost host, string email) => host.PostAsync(RequestReset, bearer: null, new { email });

    public static Task<JsonElement> RequestResetAsync(this AuthHost host, string email) => host.TryRequestResetAsync(email).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Requests a reset mail and sets a new password with its link.</summary>
    public static async Task<Person> ChooseNewPasswordAsync(this AuthHost host, Mailbox mails, Person person, string address)
    {
        await host.RequestResetAsync(address);
        var chosen = person with { Password = NewPassword() };
        await host.Http.TryResetAsync(await mails.TokenAsync(address, Mailbox.Reset), chosen.Password).ExpectAsync(HttpStatusCode.OK);
        return chosen;
    }

    public static Task<HttpResponseMessage> TryUseAsync(this AuthHost host, string path, string token) => host.PostAsync(path, bearer: null, new { token });

    public static Task<HttpResponseMessage> TryChangeEmailAsync(this AuthHost host, string accessToken, string email) =>
        host.PutAsync(Email, accessToken, new { email });

    public static async Task<string> CodeAsync(
        Task<HttpResponseMessage> call, HttpStatusCode status = HttpStatusCode.BadRequest, string member = "errorCode") =>
        (await call.ExpectAsync(status)).Text(member);
}
