using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Revocations;

/// <summary>The examples of the feed in the OpenAPI document of the Revocations API.</summary>
internal static class RevocationExamples
{
    private const string Cursor = "5f0c1d3b8f6a4b5e9c7d2a1b0e4f3c6d.48211.9f2b6c1e07d4a835t1795326163.17";
    private const long Until = 1_795_326_823;

    public static readonly OperationExamples Read = new()
    {
        Answers =
        {
            ["A session was revoked, and a service got a new refresh token"] = new RevocationsResponse(
                Cursor, 1_795_326_163.207m, [new(Until) { Sid = SessionId }, new(Until) { Sub = "_reports", Before = 1_795_326_163, SecurityStamp = 3 }]),
            ["Nothing was revoked while the call waited"] = new RevocationsResponse(Cursor, 1_795_326_193.305m, []),
            ["The cursor was of another database"] = new RevocationsResponse(Cursor, 1_795_326_163.207m, [new(Until) { Sid = SessionId }]) { Restarted = true },
        },
        Refusals = [RevocationQueryReader.BadCursor, RevocationQueryReader.BadWait],
    };
}
