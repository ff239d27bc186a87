using System.ComponentModel.DataAnnotations;
using System.Reflection;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Principals.Passwords;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Browser;

/// <param name="CurrentPassword">The current password. A wrong one counts towards the lockout, as at the sign-in.</param>
/// <param name="NewPassword">The new password, at least 8 characters.</param>
internal sealed record ChangePasswordRequest([property: Required] string? CurrentPassword, [property: Required] string? NewPassword);

/// <summary>The current password and the one that replaces it.</summary>
internal sealed record PasswordChange(Password Current, Password Next);

internal sealed class PasswordChangeReader : IJsonReader<PasswordChangeReader, ChangePasswordRequest, PasswordChange>
{
    public static ReadResult<PasswordChange> Read(ChangePasswordRequest body)
    {
        if (!Password.TryParse(body.CurrentPassword, out var current))
            return PasswordErrors.Length("currentPassword");
        if (!Password.TryParse(body.NewPassword, out var next))
            return PasswordErrors.Length("newPassword");
        return new PasswordChange(current, next);
    }
}

/// <summary>Changes a person's own password. Routes of two APIs use it.</summary>
internal sealed class OwnPassword(PasswordChangeService changes, RefreshCookie cookie)
{
    /// <returns>Null when the password was changed.</returns>
    public async Task<PasswordChangeError?> TryChangeAsync(PasswordChange given, Caller caller, HttpContext context)
    {
        if (caller.AccessToken.Actor is not null)
            return new PasswordChangeError(PasswordErrors.Impersonated);
        var outcome = await changes.ChangeAsync(caller.Principal, given.Current, given.Next, caller.AuditActor, caller.HashingCaller);
        if (outcome is not PasswordChangeOutcome.Changed)
            return new PasswordChangeError(PasswordErrors.ToError(outcome));
        cookie.ClearIfSent(context);
        return null;
    }
}

/// <summary>Any refusal of the change except a malformed body.</summary>
internal sealed class PasswordChangeError(ApiError error) : Refusal(error), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        AddResponse(builder, StatusCodes.Status400BadRequest);
        AddResponse(builder, StatusCodes.Status403Forbidden);
        AddResponse(builder, StatusCodes.Status409Conflict);
        AddResponse(builder, StatusCodes.Status429TooManyRequests);
        AddResponse(builder, StatusCodes.Status503ServiceUnavailable);
    }
}
