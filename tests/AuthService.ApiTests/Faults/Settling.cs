using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Webhooks;
using MimeKit;
using Xunit.Sdk;

namespace AuthService.ApiTests.Faults;

/// <summary>Makes the last calls after a load. When all receivers have got these, they have got everything before them.</summary>
/// <param name="deliveries">The receivers.</param>
/// <param name="last">The person who calls.</param>
/// <param name="database">The database of the instances, in which <see cref="AbandonedWork"/> is hastened. Null when it cannot be reached.</param>
/// <param name="mailsMayRepeat"><see cref="FaultTrial.MailsMayRepeat"/>.</param>
internal sealed class Settling(Deliveries deliveries, MailUser last, TestDatabase? database, bool mailsMayRepeat)
{
    /// <summary>The longest wait. It is longer than any pause between two attempts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenMails = TimeSpan.FromSeconds(4);

    private readonly Stopwatch _sinceMail = Stopwatch.StartNew();
    private TimeSpan _ahead;
    private int _mails;

    /// <param name="http">Calls an instance.</param>
    /// <param name="admin">The administrator's access token.</param>
    /// <returns>The session that ended last.</returns>
    public async Task<string> RunAsync(HttpClient http, string admin)
    {
        var signedIn = await UntilDoneAsync(() => http.TryLoginAsync(last.Person.Id, last.Person.Password));
        var claims = Requests.ClaimsOf(signedIn.Text("accessToken"));
        _ahead = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64()) - TimeProvider.System.GetUtcNow();
        await UntilDoneAsync(() => http.SendAsync(HttpMethod.Post, "/auth/logout", signedIn.Text("refreshToken")));
        await RequestMailAsync(http);
        for (var waited = Stopwatch.StartNew(); await FindMissingAsync(http, admin, claims.Text("sid")) is { } missing; await Task.Delay(Pause))
        {
            if (waited.Elapsed > Patience)
                throw new XunitException($"Not told within {Patience}: {missing}, seed {Effort.Seed}");
        }

        return claims.Text("sid");
    }

    private static Guid IdOf(MimeMessage mail) => Guid.Parse(mail.MessageId!.Split('@')[0]);

    private static async Task<JsonElement> UntilDoneAsync(Func<Task<HttpResponseMessage>> call)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            using var response = await call();
            if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || waited.Elapsed > Patience)
                return response.IsSuccessStatusCode ? await response.ExpectAsync(response.StatusCode) : await response.ExpectAsync(HttpStatusCode.OK);
        }
    }

    /// <summary>Requests a mail. An instance that has committed a mail sends all waiting mails, also those of other instances.</summary>
    private async Task RequestMailAsync(HttpClient http)
    {
        _mails++;
        _sinceMail.Restart();
        await UntilDoneAsync(() => http.SendAsync(HttpMethod.Post, RecoveryCalls.RequestReset, json: new { email = last.Address }));
    }

    private async Task<string?> FindMissingAsync(HttpClient http, string admin, string session)
    {
        await deliveries.Followed.ReadAsync();
        await deliveries.Signals.PollAsync();
        if (database is not null)
            await AbandonedWork.HastenAsync(database, TimeProvider.System.GetUtcNow() + _ahead, mailsMayRepeat ? [] : deliveries.Mailed.Select(IdOf));
        if (!deliveries.Followed.Sessions.Contains(session, StringComparer.Ordinal))
            return "the feed has not come to the end";
        if (deliveries.Signals.Told.All(signal => signal.Session != session))
            return "the stream of signals has not come to the end";
        if (deliveries.Received.All(webhook => !webhook.Body.Contains(session, StringComparison.Ordinal)))
            return "the webhook has not come to the end";
        if (await CountUndeliveredAsync(http, admin) is > 0 and var undelivered)
            return $"{undelivered} messages of the webhook";
        return await AreMailsMissingAsync(http) ? "mails" : null;
    }

    /// <summary>Counts the deliveries that the receiver has not got. A delivery that it has may still wait to be marked as sent.</summary>
    private async Task<int> CountUndeliveredAsync(HttpClient http, string admin)
    {
        var path = $"{WebhookCalls.Root}/{deliveries.Webhook}/deliveries?status=WAITING";
        using var answer = await http.SendAsync(HttpMethod.Get, path, admin);
        if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            return 1;
        var received = deliveries.Received.Select(webhook => webhook.Id).ToHashSet(StringComparer.Ordinal);
        return (await answer.ExpectAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Count(delivery => !received.Contains(delivery.Text("id")));
    }

    private async Task<bool> AreMailsMissingAsync(HttpClient http)
    {
        if (last.Mails.To(last.Address, Mailbox.Reset).Length > 0 && (database is null || await CountPendingAsync(database) == 0))
            return false;
        if (_sinceMail.Elapsed > BetweenMails && _mails < 3) // an address gets no more mails of a kind within an hour
            await RequestMailAsync(http);
        return true;
    }

    /// <summary>Counts pending requests and mails. A request becomes a mail in one transaction, so one query counts both.</summary>
    private static Task<long> CountPendingAsync(TestDatabase at) =>
        at.CountAsync("(SELECT id FROM recovery_requests UNION ALL SELECT id FROM outbox_mails) AS pending");
}
