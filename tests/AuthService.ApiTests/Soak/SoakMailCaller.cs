using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using static System.Net.Http.HttpMethod;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Soak;

/// <summary>One new person after the other, who chooses another password by mail. An address gets only a few mails within an hour.</summary>
internal sealed class SoakMailCaller(SoakLoad load, Mailbox mails)
{
    public async Task RunAsync(CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var admin = await load.LoginAsync(AuthHost.AdminId); // to create people, an administrator must have signed in recently
            if (admin.ValueKind is JsonValueKind.Object)
                await ChooseAsync(admin.Text("accessToken"), $"soak-mail-{number}");
        }
    }

    /// <summary>Uses the link twice. The second use must be refused, and the session from before.</summary>
    private async Task ChooseAsync(string admin, string person)
    {
        var email = $"{person}@example.com";
        await load.CreateAsync(admin, new { id = person, password = AuthHost.AdminPassword, email });
        var before = await load.LoginAsync(person);
        await load.CallAsync(HttpStatusCode.OK, Post, RecoveryCalls.RequestReset, bearer: null, JsonContent.Create(new { email }));
        var chosen = new { token = await mails.TokenAsync(email, Mailbox.Reset), newPassword = NewPassword() };
        await load.CallAsync(HttpStatusCode.OK, Post, "/api/password/reset/new", bearer: null, JsonContent.Create(chosen));
        await load.CallAsync(HttpStatusCode.BadRequest, Post, "/api/password/reset/new", bearer: null, JsonContent.Create(chosen));
        load.CountReset();
        if (before.ValueKind is JsonValueKind.Object)
            await load.CallAsync(HttpStatusCode.Unauthorized, Post, "/auth/refresh", before.Text("refreshToken"));
        await load.LoginAsync(person, password: chosen.newPassword);
    }
}
