using System.ComponentModel.DataAnnotations;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals.Passwords;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <param name="Token">The token from a mail, or from the sign-in that required a new password.</param>
/// <param name="NewPassword">The new password, which must differ from the current one.</param>
internal sealed record NewPasswordRequest([property: Required] string? Token, [property: Required] string? NewPassword);

/// <summary>A token and the password that it sets.</summary>
internal sealed record PasswordReset(PasswordResetToken Token, Password Next);

/// <summary>Reads JSON of any content type, because the systems' own client sends it as <c>text/plain</c>.</summary>
internal sealed class PasswordResetReader : IInputReader<PasswordReset>
{
    public static void Document(EndpointBuilder endpoint) => endpoint.Metadata.Add(new MayReadBody(typeof(NewPasswordRequest)));

    public static async ValueTask<ReadResult<PasswordReset>> ReadAsync(HttpContext context) =>
        (await JsonBody.ReadOfAnyTypeAsync<NewPasswordRequest>(context)).Then(body => Check(body.Token, body.NewPassword));

    public static ReadResult<PasswordReset> Check(string? token, string? newPassword)
    {
        if (PasswordResetToken.TryParse(token) is not { } known)
            return PasswordErrors.InvalidToken;
        return Password.TryParse(newPassword, out var next) ? new PasswordReset(known, next) : PasswordErrors.BadLength;
    }
}
