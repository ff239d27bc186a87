using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Account;

/// <summary>The examples of e-mail addresses and of links in mails in the OpenAPI document of the Account API.</summary>
internal static class EmailExamples
{
    public static readonly OperationExamples Show = new() { Answers = { ["A confirmed one"] = new OwnEmail(Email, Confirmed: true, CanChange: true) } };

    public static readonly OperationExamples Change = new()
    {
        Requests = { ["Another one"] = new EmailRequest(Email) },
        Refusals = [EmailReader.Bad, AccountErrors.TooManyMails, UnavailableError.MailNotConfigured],
    };

    public static readonly OperationExamples Confirm = new()
    {
        Requests = { ["From the link"] = new MailTokenRequest("address_4kP9s…") },
        Refusals = [ApiError.Missing("token"), AccountErrors.InvalidToken],
    };

    public static readonly OperationExamples ReportNotMe = new()
    {
        Requests = { ["From the link"] = new MailTokenRequest("notme_4kP9s…") },
        Refusals = [ApiError.Missing("token"), AccountErrors.InvalidToken],
    };
}
