using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Mail;
using AuthService.SignIn.Recovery;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Account;

/// <summary>The routes for a person's e-mail address, and for the links in mails (src/AuthService/README.md#mail).</summary>
internal static class EmailEndpoints
{
    /// <param name="users">The group of routes for people who are signed in.</param>
    /// <param name="links">The group of routes that authenticate the caller by the token of a mail.</param>
    public static void Map(RouteGroupBuilder users, RouteGroupBuilder links)
    {
        users.MapGet("/email", Show).WithName("ownEmail").WithExamples(EmailExamples.Show).WithSummary("Shows the caller's e-mail address");
        users.MapPut("/email", Change).WithName("changeEmail").WithExamples(EmailExamples.Change)
            .WithSummary("Mails a confirmation link to the caller's new address, and a notice to the old one")
            .RequireFreshSignIn();
        links.MapPost("/email/confirm", Confirm).WithName("confirmEmail").WithExamples(EmailExamples.Confirm)
            .WithSummary("Confirms a new address with the token from the mail").WithMetadata(ChecksPasswords.Metadata);
        links.MapPost("/not-me", ReportNotMe).WithName("reportNotMe").WithExamples(EmailExamples.ReportNotMe).WithReceipt()
            .WithSummary("Reports that a notice was about somebody else's action: voids the password, revokes the sessions and undoes the action")
            .WithMetadata(ChecksPasswords.Metadata);
    }

    private static Ok<OwnEmail> Show(MailAvailability mail, Caller caller) => TypedResults.Ok(
        new OwnEmail(caller.Principal.Profile.Email, caller.Principal.EmailVerifiedAt is not null, mail.IsConfigured));

    private static async Task<Results<Accepted, BadRequestError, TooManyRequestsError, UnavailableError>> Change(
        BoundInput<MailAddress, EmailReader> address, AddressChange change, MailAvailability mail, Caller caller)
    {
        if (!mail.IsConfigured)
            return UnavailableError.MailNotConfigured;
        return await change.TryBeginAsync(caller.Principal, address.Value, caller.AuditActor)
            ? TypedResults.Accepted((string?)null)
            : AccountErrors.TooManyMails;
    }

    private static async Task<Results<NoContent, BadRequestError>> Confirm(
        BoundInput<AddressToken, AddressTokenReader> token, AddressChange change, ClientInfo client) =>
        await change.TryConfirmAsync(token.Value, client.AuditActor) ? TypedResults.NoContent() : AccountErrors.InvalidToken;

    private static async Task<Results<NoContent, BadRequestError>> ReportNotMe(
        BoundInput<NotMeToken, NotMeTokenReader> token, NotMeService reports, ClientInfo client, TimeProvider clock) =>
        await reports.TryReportAsync(token.Value, clock.GetUtcNow(), client.AuditActor) ? TypedResults.NoContent() : AccountErrors.InvalidToken;
}
