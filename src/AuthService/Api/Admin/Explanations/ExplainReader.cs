using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Api.Admin.Explanations;

/// <summary>The session, token or principal that a dry run is about.</summary>
internal abstract record ExplainTarget
{
    private ExplainTarget()
    {
    }

    internal sealed record OfSession(Guid Id) : ExplainTarget;

    internal sealed record OfToken(string Text) : ExplainTarget;

    internal sealed record OfPrincipal(PrincipalName Name) : ExplainTarget;
}

internal sealed record ExplainQuestion(ExplainTarget Target, string Operation);

/// <summary>Reads the target and the operation of a dry run from the body.</summary>
internal sealed class ExplainReader : IJsonReader<ExplainReader, ExplainRequest, ExplainQuestion>
{
    public static ApiError NotOne => ApiError.BadRequest("One of session, token and principal is needed, and only one");

    public static ApiError NoOperation => ApiError.BadRequest("operation is missing: the name of an operation in the OpenAPI documents, such as webRefresh");

    public static ApiError NoSession => ApiError.BadRequest("session must be a UUID");

    public static ApiError NoPrincipal => ApiError.BadRequest($"principal must be an id of {PrincipalName.Form}");

    public static ApiError AppTokenGiven => ApiError.BadRequest(
        "An app token is good for the App tokens API alone; send an access token, a refresh token or an API key");

    public static ReadResult<ExplainQuestion> Read(ExplainRequest body)
    {
        if (body.Operation is not { Length: > 0 } operation)
            return NoOperation;
        return body switch
        {
            { Session: { } text, Token: null, Principal: null } => Guid.TryParseExact(text, "D", out var id)
                ? new ExplainQuestion(new ExplainTarget.OfSession(id), operation)
                : NoSession,
            { Session: null, Token: { } text, Principal: null } => AppToken.TryParse(text) is null
                ? new ExplainQuestion(new ExplainTarget.OfToken(text), operation)
                : AppTokenGiven,
            { Session: null, Token: null, Principal: { } text } => PrincipalName.TryParse(text, out var name)
                ? new ExplainQuestion(new ExplainTarget.OfPrincipal(name), operation)
                : NoPrincipal,
            _ => NotOne,
        };
    }
}
