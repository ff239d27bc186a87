using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Connections;

namespace AuthService.Api.Http.Input;

/// <summary>Handles a body that could not be read to its end.</summary>
internal static class UnreadableBody
{
    /// <summary>Creates the error for it. Kestrel sets no status when the size of a chunk is too large for a number.</summary>
    public static ApiError Refuse(HttpContext context, IOException error)
    {
        if (error is ConnectionResetException)
            context.Abort(); // otherwise Kestrel may continue to read after the error, and log it
        return ApiError.FromStatus(error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest);
    }
}
