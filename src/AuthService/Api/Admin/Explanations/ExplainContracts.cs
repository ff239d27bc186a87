using System.ComponentModel.DataAnnotations;
using AuthService.Refusals;

namespace AuthService.Api.Admin.Explanations;

/// <summary>A dry run: would this operation be refused? Exactly one of session, token and principal is given.</summary>
/// <param name="Session">The id of a session.</param>
/// <param name="Token">An access token, a refresh token or an API key. It is only checked, not used.</param>
/// <param name="Principal">The id of a principal; upper and lower case are the same.</param>
/// <param name="Operation">The name of an operation in the OpenAPI documents, such as webRefresh.</param>
internal sealed record ExplainRequest(string? Session, string? Token, string? Principal, [property: Required] string? Operation);

/// <param name="Operation">The operation from the request.</param>
/// <param name="Allowed">Whether no rule refuses. Rules about the contents of a call, such as its scopes or a password, are not checked.</param>
/// <param name="PrincipalId">The id of the principal that the session or token acts as; null when none was found.</param>
/// <param name="SessionId">The id of the session; null when there is none.</param>
/// <param name="Rules">All rules that apply to the operation, in the order in which they are checked.</param>
internal sealed record ExplainResponse(string Operation, bool Allowed, string? PrincipalId, Guid? SessionId, IReadOnlyList<RuleItem> Rules);

/// <summary>A rule and its result.</summary>
/// <param name="Reason">The code of the rule, for programs.</param>
/// <param name="RefusedWhen">A description of when the rule refuses.</param>
/// <param name="Refuses">Whether the rule refuses here.</param>
/// <param name="Facts">The values that the rule checked. Times are UTC; durations are days.hours:minutes:seconds.</param>
internal sealed record RuleItem(string Reason, string RefusedWhen, bool Refuses, IReadOnlyDictionary<string, string> Facts)
{
    public static RuleItem Of(RuleVerdict verdict) => new(
        verdict.Reason.ToCode(),
        verdict.Reason.ToWords(),
        verdict.Refuses,
        verdict.Facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal));
}
