using System.ComponentModel.DataAnnotations;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Mail;

namespace AuthService.Api.Http.Browser;

/// <param name="Email">One e-mail address.</param>
internal sealed record EmailRequest([property: Required] string? Email);

/// <summary>Reads an e-mail address from JSON. White space at its ends is removed, because people type it by mistake.</summary>
internal sealed class EmailReader : IJsonReader<EmailReader, EmailRequest, MailAddress>
{
    public const string Field = "email";

    public static ApiError Bad => ApiError.BadRequest($"{Field} must be one e-mail address (ada@example.com)");

    public static ReadResult<MailAddress> Read(EmailRequest body) => Check(body.Email);

    public static ReadResult<MailAddress> Check(string? email)
    {
        if (string.IsNullOrWhiteSpace(email))
            return ApiError.Missing(Field);
        return MailAddress.TryParse(email.Trim(), out var address) ? address : Bad;
    }
}
