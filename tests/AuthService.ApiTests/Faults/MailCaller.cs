using System.Diagnostics;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Recovery;
using static AuthService.ApiTests.Faults.InstanceCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Changes the address and passkeys, resets the password and reports "It wasn't me". It uses each link that arrives by mail on two instances at the same
/// time.
/// </summary>
internal sealed class MailCaller(InstanceCalls calls, MailUser user) : ILoadCaller
{
    /// <summary>The longest wait for a link. A link that arrives later is not used; whether its mail arrives at all is checked at the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private int _round;

    public async Task CallAsync(CancellationToken end)
    {
        if (await SignInAsync() is not { } session)
        {
            await ResetAsync(user.Address, isTheirs: false, end);
            return;
        }

        await LearnAddressAsync(session);
        var (before, next) = (user.Address, MailUser.AddressOf(user.Name, ++_round));
        var asked = await UntilAnsweredAsync(() => calls.SendAsync(
            CallKind.RequestAddress, next, HttpMethod.Put, RecoveryCalls.Email, session.Text("accessToken"), new { email = next }));
        if (asked.Outcome is not Outcome.Ok || await WaitForTokenAsync(next, Mailbox.Confirm, end) is not { } confirm)
            return;
        if (!await UseTwiceAsync(CallKind.ConfirmAddress, RecoveryCalls.Confirm, confirm, new { token = confirm }))
            return;
        user.Address = next;
        await ChangePasskeysAsync(session.Text("accessToken")!);
        if (await ResetAsync(next, isTheirs: true, end))
            await calls.PostAsync(CallKind.StaleRefresh, session.SessionId, "/auth/refresh", session.Text("refreshToken"));
        if (_round % 2 == 0)
            await ReportNotMeAsync(before, end);
    }

    private async Task<Call?> SignInAsync()
    {
        foreach (var password in user.Passwords)
        {
            var signIn = await UntilAnsweredAsync(() => calls.PostAsync(
                CallKind.OwnAccount, user.Person.Id, "/auth/login", bearer: null, new { username = user.Person.Id, password, service = "app" }));
            if (signIn.Outcome is not Outcome.Ok)
                continue;
            user.Passwords = [password];
            return signIn;
        }

        return null;
    }

    /// <summary>Reads the address that counts now, because a change without a response may have been carried out.</summary>
    private async Task LearnAddressAsync(Call session)
    {
        var shown = await UntilAnsweredAsync(() => calls.SendAsync(
            CallKind.OwnAccount, user.Person.Id, HttpMethod.Get, RecoveryCalls.Email, session.Text("accessToken")));
        if (shown.Outcome is Outcome.Ok)
            user.Address = shown.Text("email")!;
    }

    /// <summary>Adds a passkey and removes it. Each is told to the person by mail.</summary>
    private async Task ChangePasskeysAsync(string token)
    {
        var options = await calls.PostAsync(CallKind.OwnAccount, user.Person.Id, PasskeyCalls.SetUpOptions, token);
        if (options.Outcome is not Outcome.Ok)
            return;
        var prompt = PasskeyPrompt.Of(JsonElement.Parse(options.Body));
        using var authenticator = PasskeyUser.CreateAuthenticator(token);
        var made = new { challengeId = prompt.ChallengeId, credential = authenticator.Create(prompt.Options) };
        var added = await calls.PostAsync(CallKind.OwnAccount, user.Person.Id, PasskeyCalls.Own, token, made);
        if (added.Outcome is not Outcome.Ok)
            return;
        var path = $"{PasskeyCalls.Own}/{added.Text("id")}";
        await UntilAnsweredAsync(() => calls.SendAsync(CallKind.OwnAccount, user.Person.Id, HttpMethod.Delete, path, token));
    }

    /// <param name="address">The address to which a link is requested.</param>
    /// <param name="isTheirs">Whether the address is certainly the person's, so that a mail must arrive.</param>
    /// <param name="end">Cancelled when the load stops.</param>
    /// <returns>Whether the password was certainly changed.</returns>
    private async Task<bool> ResetAsync(string address, bool isTheirs, CancellationToken end)
    {
        var kind = isTheirs ? CallKind.RequestReset : CallKind.OwnAccount;
        await UntilAnsweredAsync(() => calls.PostAsync(kind, address, RecoveryCalls.RequestReset, bearer: null, new { email = address }));
        if (await WaitForTokenAsync(address, Mailbox.Reset, end) is not { } token)
            return false;
        var chosen = NewPassword();
        var isDone = await UseTwiceAsync(CallKind.ResetPassword, "/api/password/reset/new", token, new { token, newPassword = chosen });
        user.Passwords = isDone ? [chosen] : [chosen, .. user.Passwords];
        return isDone;
    }

    /// <summary>Uses the link of the notice that another address was requested. The old address counts again, and the password no longer does.</summary>
    private async Task ReportNotMeAsync(string before, CancellationToken end)
    {
        if (await WaitForTokenAsync(before, Mailbox.NewAddress, end) is not { } token)
            return;
        var isDone = await UseTwiceAsync(CallKind.NotMe, RecoveryCalls.NotMe, token, new { token });
        user.Address = before;
        await ResetAsync(before, isDone, end);
    }

    /// <returns>Whether it was certainly carried out.</returns>
    private async Task<bool> UseTwiceAsync(CallKind kind, string path, string token, object body) =>
        (await TwiceAsync(() => calls.PostAsync(kind, $"{user.Person.Id} {token}", path, bearer: null, body)))
            .Any(answer => answer.Outcome is Outcome.Ok);

    private async Task<string?> WaitForTokenAsync(string address, string subject, CancellationToken end)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience && !end.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
        {
            if (user.TryOpen(address, subject) is { } token)
                return token;
        }

        return null;
    }
}
