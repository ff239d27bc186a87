using System.ComponentModel.DataAnnotations;
using AuthService.Refusals;

namespace AuthService.Api.Admin.Explanations;

/// <summary>What is asked: would it be refused? One of session, token and principal is given.</summary>
/// <param name="Session">The id of a session.</param>
/// <param name="Token">An access token, a refresh token or an API key. It is checked and not used.</param>
/// <param name="Principal">The id of a principal, in any letter case.</param>
/// <param name="Operation">The name of an operation in these documents, such as webRefresh.</param>
internal sealed record ExplainRequest(string? Session, string? Token, string? Principal, [property: Required] string? Operation);

/// <param name="Operation">As it was asked.</param>
/// <param name="Allowed">Whether no rule refuses. What is sent with a call, such as its scopes or a password, is not known here.</param>
/// <param name="PrincipalId">Whom the session or the token acts as; null when nobody is found.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Rules">Every rule that has a say in it, in the order in which they refuse.</param>
internal sealed record ExplainResponse(string Operation, bool Allowed, string? PrincipalId, Guid? SessionId, IReadOnlyList<RuleItem> Rules);

/// <summary>One rule.</summary>
/// <param name="Reason">The rule, for programs.</param>
/// <param name="RefusedWhen">When it refuses, in words.</param>
/// <param name="Refuses">Whether it does.</param>
/// <param name="Facts">What it looks at; moments are UTC, durations are days.hours:minutes:seconds.</param>
internal sealed record RuleItem(string Reason, string RefusedWhen, bool Refuses, IReadOnlyDictionary<string, string> Facts)
{
    public static RuleItem Of(RuleVerdict verdict) => new(
        verdict.Reason.ToCode(),
        verdict.Reason.ToWords(),
        verdict.Refuses,
        verdict.Facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal));
}
