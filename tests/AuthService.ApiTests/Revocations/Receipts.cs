using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>The receipts of revocations: signed, in a header of the answer.</summary>
internal static class Receipts
{
    public const string Header = "Revocation-Receipt";

    /// <summary>Fails unless the answer has this status and a receipt.</summary>
    public static async Task<string> ReceiptAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        await response.ExpectAsync(status);
        return Assert.Single(response.Headers.GetValues(Header));
    }

    /// <summary>The claims of it.</summary>
    public static async Task<JsonElement> ReceiptClaimsAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status) =>
        Requests.ClaimsOf(await sending.ReceiptAsync(status));

    /// <summary>Fails unless the answer has this status and no receipt.</summary>
    public static async Task WithoutReceiptAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        await response.ExpectAsync(status);
        Assert.False(response.Headers.Contains(Header), $"{response.RequestMessage!.RequestUri} has a receipt");
    }

    /// <summary>The number in a cursor, as receipts compare it.</summary>
    public static long PositionOf(string cursor) => long.Parse(cursor.Split('.')[1], CultureInfo.InvariantCulture);
}
