using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Mail;
using AuthService.SignIn;
using AuthService.SignIn.Recovery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Passwords;

/// <summary>The routes to set a new password without being signed in (src/AuthService/README.md#passwords-api).</summary>
internal static class PasswordEndpoints
{
    public static void Map(RouteGroupBuilder passwords)
    {
        passwords.MapPost("/reset", RequestReset).WithName("requestPasswordReset").WithExamples(PasswordExamples.RequestReset)
            .WithSummary("Mails a link for a new password to the person with this address; the response is the same if there is none")
            .WithMetadata(ChecksPasswords.Metadata);
        passwords.MapPost("/reset/new", Reset).WithName("setNewPassword").WithExamples(PasswordExamples.Reset).WithReceipt()
            .WithSummary("Sets a new password with the token from a mail, or from the sign-in that requested one").WithMetadata(ChecksPasswords.Metadata);
    }

    private static async Task<Results<Ok, BadRequestError, UnavailableError>> RequestReset(
        BoundInput<MailAddress, EmailReader> address, PasswordRecovery recovery, MailAvailability mail, ClientInfo client)
    {
        if (!mail.IsConfigured)
            return UnavailableError.MailNotConfigured;
        await recovery.RequestAsync(address.Value, client.AuditActor);
        return TypedResults.Ok();
    }

    private static async Task<Results<Ok, BadRequestError, UnavailableError>> Reset(
        BoundInput<PasswordReset, PasswordResetReader> reset, PasswordResetService resets, ClientInfo client) =>
        await resets.ResetAsync(reset.Value.Token, reset.Value.Next, client.AuditActor, client.HashingCaller) switch
        {
            PasswordResetOutcome.Done => TypedResults.Ok(),
            PasswordResetOutcome.Refused(var fault) => PasswordErrors.PasswordNotAllowed(fault),
            PasswordResetOutcome.Busy => UnavailableError.TooManyPasswords,
            _ => PasswordErrors.InvalidToken,
        };
}
