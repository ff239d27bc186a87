using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks that a revocation gives a receipt, and reaches services that verify access tokens offline.</summary>
internal sealed class RevocationChecks(Deployment deployment, TestAccounts accounts)
{
    /// <summary>Much longer than a revocation takes, for a deployment that is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IEnumerable<Check> All() =>
    [
        new("revocation", "gives a receipt that the published keys verify", ReceiptIsVerifiableAsync),
        new("revocation", "is in the feed for services that verify offline", FeedHasItAsync),
    ];

    private async Task ReceiptIsVerifiableAsync()
    {
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        var receipt = ReceiptOf((await deployment.PostAsync("/auth/logout", session.RefreshToken)).Expect(HttpStatusCode.NoContent));
        var named = receipt.GetPayloadValue<JsonElement>("revoked").EnumerateArray().Any(entry => IsOf(entry, session));
        CheckFailedException.Unless(named, "it does not name the session");
        await deployment.ExpectSignedAsync(receipt, "revocation-receipt+jwt");
    }

    private async Task FeedHasItAsync()
    {
        var service = await accounts.CreateServiceAsync();
        var session = await accounts.SignInAsync(await accounts.CreatePersonAsync());
        var cursor = (await ReadAsync(service, cursor: null)).GetProperty("cursor").GetString()!;
        var body = new JsonObject { ["tokens"] = new JsonArray(session.RefreshToken) };
        var receipt = ReceiptOf((await deployment.PostAsync("/auth/logout/bulk", service, body)).Expect(HttpStatusCode.NoContent));
        var promised = Place(receipt.GetPayloadValue<string>("cursor"));
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var answer = await ReadAsync(service, cursor);
            if (answer.GetProperty("revoked").EnumerateArray().Any(entry => IsOf(entry, session)))
                return;
            cursor = answer.GetProperty("cursor").GetString()!;
            var reached = Place(cursor);
            CheckFailedException.Unless(reached.Epoch == promised.Epoch, "the feed is of another database than the receipt");
            CheckFailedException.Unless(reached.Number < promised.Number, "the feed has come to the cursor of the receipt without it");
            CheckFailedException.Unless(waited.Elapsed < Patience, $"it is not there after {Patience.TotalSeconds:0} seconds");
        }
    }

    private async Task<JsonElement> ReadAsync(string service, string? cursor)
    {
        var after = cursor is null ? "" : $"&after={Uri.EscapeDataString(cursor)}";
        return (await deployment.GetAsync($"/revocations?wait=5{after}", service)).Expect(HttpStatusCode.OK).Json;
    }

    private static JsonWebToken ReceiptOf(Answer answer) => answer.Header("Revocation-Receipt") is { } receipt
        ? new JsonWebToken(receipt)
        : throw new CheckFailedException($"{answer.Call} was answered without Revocation-Receipt");

    private static bool IsOf(JsonElement entry, TestSession session) =>
        entry.TryGetProperty("sid", out var id) && id.GetString() == new JsonWebToken(session.AccessToken).GetPayloadValue<string>("sid");

    /// <summary>Reads the part of a cursor by which cursors are compared.</summary>
    private static (string Epoch, long Number) Place(string cursor) => cursor.Split('.') is [var epoch, var text, ..]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? (epoch, number)
        : throw new CheckFailedException($"\"{cursor}\" is no cursor");
}
