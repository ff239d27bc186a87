using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin.Explanations;

/// <summary>The route of the dry run, which lists the verdict of each rule.</summary>
internal static class ExplainEndpoints
{
    public static void Map(RouteGroupBuilder admin) =>
        admin.MapPost("/explain", Explain).WithName("explain").WithExamples(ExplainExamples.Explain)
            .WithSummary("Explains whether an operation would be refused to a session, a token or a principal, rule by rule; nothing is done");

    private static async Task<Results<Ok<ExplainResponse>, BadRequestError, NotFoundError>> Explain(
        BoundInput<ExplainQuestion, ExplainReader> question, SubjectFinder subjects, Explainer explainer, EndpointDataSource endpoints, ClientInfo client)
    {
        var (target, name) = question.Value;
        if (ExplainedOperation.Find(endpoints, name) is not { } operation)
            return AdminErrors.UnknownOperation;
        if (await subjects.FindAsync(target) is not { } subject)
            return target is ExplainTarget.OfSession ? AdminErrors.SessionNotFound : AdminErrors.UnknownPrincipal;
        var verdicts = await explainer.ListAsync(subject, operation, client);
        return TypedResults.Ok(new ExplainResponse(
            name,
            !verdicts.Any(verdict => verdict.Refuses),
            subject.Principal?.Id ?? subject.Refusal?.Principal,
            subject.Owned?.Session.Id ?? subject.Refusal?.SessionId,
            [.. verdicts.Select(RuleItem.Of)]));
    }
}
