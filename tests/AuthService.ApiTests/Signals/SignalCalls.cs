using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;

namespace AuthService.ApiTests.Signals;

/// <summary>A service that has its own stream.</summary>
internal sealed record Subscriber(AuthHost Host, string ServiceId, string Token, string StreamId)
{
    /// <summary>Returns the claims of the waiting SETs without acknowledging them.</summary>
    public async Task<IReadOnlyList<JsonElement>> PeekAsync() => SignalCalls.ClaimsIn(await Host.PollAsync(this, new { returnImmediately = true }));
}

/// <summary>Makes the calls of receivers of shared signals.</summary>
internal static class SignalCalls
{
    public const string Streams = "/ssf/stream";
    public const string Status = "/ssf/status";
    public const string Verify = "/ssf/verify";

    public const string Push = "urn:ietf:rfc:8935";
    public const string Poll = "urn:ietf:rfc:8936";

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";

    public const string SessionRevoked = $"{Caep}session-revoked";
    public const string CredentialChange = $"{Caep}credential-change";
    public const string ClaimsChange = $"{Caep}token-claims-change";
    public const string Disabled = $"{Risc}account-disabled";
    public const string Enabled = $"{Risc}account-enabled";
    public const string Purged = $"{Risc}account-purged";
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    public static string PollOf(string stream) => $"/ssf/poll/{stream}";

    public static string At(string path, string stream) => $"{path}?stream_id={stream}";

    public static async Task<Subscriber> SubscribeAsync(this AuthHost host, object? stream = null)
    {
        var service = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(service.RefreshToken);
        var made = await host.PostAsync(Streams, token, stream ?? new { }).ExpectAsync(HttpStatusCode.Created);
        return new Subscriber(host, service.Id, token, made.Text("stream_id"));
    }

    public static Task<Subscriber> SubscribeAsync(this AuthHost host, Receiver receiver, string? authorization = null) => host.SubscribeAsync(
        new { delivery = new { method = Push, endpoint_url = receiver.Url, authorization_header = authorization } });

    public static Task<JsonElement> PollAsync(this AuthHost host, Subscriber subscriber, object poll) =>
        host.PostAsync(PollOf(subscriber.StreamId), subscriber.Token, poll).ExpectAsync(HttpStatusCode.OK);

    public static Task SetStatusAsync(this AuthHost host, Subscriber subscriber, string status) =>
        host.PostAsync(Status, subscriber.Token, new { stream_id = subscriber.StreamId, status }).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Returns the claims of the SETs in a poll response.</summary>
    public static IReadOnlyList<JsonElement> ClaimsIn(JsonElement answer) =>
        [.. answer.GetProperty("sets").EnumerateObject().Select(set => Claims(set.Value.GetString()!))];

    public static JsonElement Claims(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));

    public static JsonElement Header(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]));

    public static string EventOf(JsonElement claims) => claims.GetProperty("events").EnumerateObject().Single().Name;

    public static JsonElement ContentOf(JsonElement claims) => claims.GetProperty("events").EnumerateObject().Single().Value;

    /// <summary>Returns the person that a SET is about, from either format of its subject.</summary>
    public static string? UserOf(JsonElement claims)
    {
        var subject = claims.GetProperty("sub_id");
        return (subject.TryGetProperty("user", out var user) ? user : subject).TryGetProperty("sub", out var sub) ? sub.GetString() : null;
    }

    /// <summary>Waits for a SET with this event type about this person, and returns its claims.</summary>
    public static async Task<JsonElement> ExpectAsync(this Subscriber subscriber, string type, string user)
    {
        JsonElement? found = null;
        IReadOnlyList<JsonElement> seen = [];
        await Eventually.TrueAsync(
            async () =>
            {
                seen = await subscriber.PeekAsync();
                found = seen.Where(claims => EventOf(claims) == type && UserOf(claims) == user).Select(claims => (JsonElement?)claims).FirstOrDefault();
                return found is not null;
            },
            () => $"no {type} of {user} among {string.Join('\n', seen)}");
        return found!.Value;
    }
}
