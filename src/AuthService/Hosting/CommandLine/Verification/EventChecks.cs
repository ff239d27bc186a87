using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks what others are told of events: shared signals and webhooks.</summary>
internal sealed class EventChecks(Deployment deployment, TestAccounts accounts)
{
    private const string Streams = "/ssf/stream";
    private const string Webhooks = "/admin/webhooks";

    /// <summary>The address at which clouds tell a machine its credentials.</summary>
    private const string CloudMetadata = "https://169.254.169.254/latest/";

    /// <summary>Much longer than an event takes, for a deployment that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IEnumerable<Check> All() =>
    [
        new("shared signals", "tell of a revoked session, signed by the published keys", SignalTellsAsync),
        new("webhook", "may not lead to the metadata address of a cloud", MetadataIsRefusedAsync),
    ];

    private async Task SignalTellsAsync()
    {
        var (service, person) = (await accounts.CreateServiceAsync(), await accounts.CreatePersonAsync());
        var create = new Call(HttpMethod.Post, Streams) { Bearer = service, Body = new JsonObject() };
        var stream = (await deployment.SendUninterruptedAsync(create)).Expect(HttpStatusCode.Created).Member("stream_id");
        try
        {
            var session = await accounts.SignInAsync(person);
            (await deployment.PostAsync("/auth/logout", session.RefreshToken)).Expect(HttpStatusCode.NoContent);
            await deployment.ExpectSignedAsync(await FindAsync(service, stream, person), "secevent+jwt");
        }
        finally
        {
            var delete = new Call(HttpMethod.Delete, $"{Streams}?stream_id={stream}") { Bearer = service };
            (await deployment.SendUninterruptedAsync(delete)).Expect(HttpStatusCode.NoContent);
        }
    }

    /// <summary>Polls until there is a token about the person. Those about others are acknowledged, so that the next ones come.</summary>
    private async Task<JsonWebToken> FindAsync(string service, string stream, TestPerson person)
    {
        var poll = new JsonObject();
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var answer = (await deployment.PostAsync($"/ssf/poll/{stream}", service, poll)).Expect(HttpStatusCode.OK).Json;
            JsonProperty[] sets = [.. answer.GetProperty("sets").EnumerateObject()];
            if (sets.Select(set => new JsonWebToken(set.Value.GetString())).FirstOrDefault(token => Tells(token, person)) is { } found)
                return found;
            poll = new JsonObject { ["ack"] = new JsonArray([.. sets.Select(set => JsonValue.Create(set.Name))]) };
            CheckFailedException.Unless(waited.Elapsed < Patience, $"it is not there after {Patience.TotalSeconds:0} seconds");
        }
    }

    private static bool Tells(JsonWebToken token, TestPerson person) =>
        token.GetPayloadValue<JsonElement>("events").EnumerateObject().Any(told => told.Name.EndsWith("/session-revoked", StringComparison.Ordinal))
        && token.GetPayloadValue<JsonElement>("sub_id").GetRawText().Contains($"\"{person.Id}\"", StringComparison.Ordinal);

    private async Task MetadataIsRefusedAsync()
    {
        var create = new Call(HttpMethod.Post, Webhooks) { Bearer = accounts.Administrator, Body = new JsonObject { ["url"] = CloudMetadata } };
        var answer = await deployment.SendUninterruptedAsync(create);
        if (answer.Status is HttpStatusCode.Created)
        {
            var delete = new Call(HttpMethod.Delete, $"{Webhooks}/{answer.Member("id")}") { Bearer = accounts.Administrator };
            await deployment.SendUninterruptedAsync(delete);
        }

        answer.ExpectAvailable().Expect(HttpStatusCode.BadRequest);
    }
}
