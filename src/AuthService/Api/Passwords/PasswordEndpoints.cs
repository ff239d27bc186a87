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
            .WithSummary("Mails a link for a new password to whoever has the address; the answer does not tell whether anybody has")
            .WithMetadata(ChecksPasswords.Metadata);
        passwords.MapPost("/reset/new", Reset).WithName("setNewPassword").WithExamples(PasswordExamples.Reset).WithReceipt()
            .WithSummary("Sets a new password with the token of a mail, or of the sign-in that requested one").WithMetadata(ChecksPasswords.Metadata);
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
