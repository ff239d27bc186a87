using AuthService.Api.Http.OpenApi;
using AuthService.Refusals;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Admin.Explanations;

/// <summary>The examples of dry runs in the OpenAPI document of the Administration API.</summary>
internal static class ExplainExamples
{
    public static readonly OperationExamples Explain = new()
    {
        Requests =
        {
            ["A session"] = new ExplainRequest(SessionId.ToString(), Token: null, Principal: null, "webRefresh"),
            ["A token"] = new ExplainRequest(Session: null, AccessToken, Principal: null, "createPrincipal"),
            ["A person"] = new ExplainRequest(Session: null, Token: null, PersonId, "passwordLogin"),
        },
        Answers =
        {
            ["The session was not used for too long"] = new ExplainResponse("webRefresh", Allowed: false, PersonId, SessionId,
            [
                RuleItem.Of(new RuleVerdict(RefusalReason.UnknownToken, Refuses: false)),
                RuleItem.Of(new RuleVerdict(RefusalReason.SessionSuspended, Refuses: true) { Facts = [RefusalFact.Of("suspendAt", Moment)] }),
            ]),
        },
        Refusals =
        [
            ExplainReader.NotOne, ExplainReader.NoOperation, ExplainReader.NoSession, ExplainReader.NoPrincipal, ExplainReader.AppTokenGiven,
            AdminErrors.UnknownOperation, AdminErrors.SessionNotFound, AdminErrors.UnknownPrincipal,
        ],
    };
}
