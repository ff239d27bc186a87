using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Admin;

/// <summary>The examples of refused calls in the OpenAPI document of the Administration API.</summary>
internal static class RefusalExamples
{
    private static readonly RefusalItem Refusal = new(
        Moment,
        TraceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        Operation: "webRefresh",
        Status: 401,
        Code: "IDLE",
        Reason: "SESSION_SUSPENDED",
        Rule: "The session was idle for longer than its idle timeout",
        PersonId,
        SessionId,
        Caller: null,
        IpAddress,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["lastUsedAt"] = "2026-11-08T05:42:43.000Z",
            ["idleTimeout"] = "14.00:00:00",
            ["suspendAt"] = "2026-11-22T05:42:43.000Z",
        });

    public static readonly OperationExamples List = new()
    {
        Answers = { ["One refused call"] = new RefusalPageResponse([Refusal], NextCursor: null) },
        Refusals = [RefusalReader.BadReason],
    };

    public static readonly OperationExamples Get = new()
    {
        Answers = { ["A session that was not used for too long"] = new[] { Refusal } },
        Refusals = [AdminErrors.NoTraceId, AdminErrors.UnknownTrace],
    };
}
