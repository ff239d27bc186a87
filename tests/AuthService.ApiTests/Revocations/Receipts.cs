using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>Reads the signed receipt of a revocation from the header of a response.</summary>
internal static class Receipts
{
    public const string Header = "Revocation-Receipt";

    /// <summary>Returns the receipt; fails unless the response has this status and a receipt.</summary>
    public static async Task<string> ReceiptAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        await response.ExpectAsync(status);
        return Assert.Single(response.Headers.GetValues(Header));
    }

    /// <summary>Returns the claims of the receipt.</summary>
    public static async Task<JsonElement> ReceiptClaimsAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status) =>
        Requests.ClaimsOf(await sending.ReceiptAsync(status));

    /// <summary>Fails unless the response has this status and no receipt.</summary>
    public static async Task WithoutReceiptAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        await response.ExpectAsync(status);
        Assert.False(response.Headers.Contains(Header), $"{response.RequestMessage!.RequestUri} has a receipt");
    }

    /// <summary>Returns the number in a cursor, by which cursors are compared.</summary>
    public static long PositionOf(string cursor) => long.Parse(cursor.Split('.')[1], CultureInfo.InvariantCulture);
}
