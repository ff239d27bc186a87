using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Connections;

namespace AuthService.Api.Http.Input;

/// <summary>A body that could not be read to its end.</summary>
internal static class UnreadableBody
{
    /// <summary>What to say of it. Kestrel gives no status with a chunk whose size is beyond all numbers.</summary>
    public static ApiError Refuse(HttpContext context, IOException error)
    {
        if (error is ConnectionResetException)
            context.Abort(); // else Kestrel may read on where reading has broken off, and log an error
        return ApiError.FromStatus(error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest);
    }
}
