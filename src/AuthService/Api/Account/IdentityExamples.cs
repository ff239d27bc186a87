using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>The examples of accounts at identity providers in the OpenAPI document of the Account API.</summary>
internal static class IdentityExamples
{
    private static readonly IdentityItem Linked = new(
        new("0199b2e9-61c8-7f0b-a2d4-9c3e5b7a1f60"), "Example Corp", Email, Moment.ToUnixTimeMilliseconds(), Moment.AddHours(2).ToUnixTimeMilliseconds());

    public static readonly OperationExamples List = new()
    {
        Answers = { ["One, and where another can be added"] = new OwnIdentitiesResponse([Linked], [new(1, "Example Corp"), new(2, "University")]) },
    };

    public static readonly OperationExamples Start = new()
    {
        Requests = { ["At the second provider"] = new NewIdentityRequest(2) },
        Answers = { ["There the browser goes"] = new NewIdentityResponse("https://id.example.com/authorize?client_id=authservice&state=k2VwQ7…") },
        Refusals = [NewIdentityReader.Unknown, AccountErrors.ProviderUnreachable, ForbiddenError.NoOwnSession],
    };

    public static readonly OperationExamples Remove = new() { Refusals = [AccountErrors.UnknownIdentity, AccountErrors.LastWay] };
}
