using System.Data.Common;
using System.Security.Cryptography;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http.Errors;

/// <summary>Writes every refusal of the framework, and every exception, in the error format of the called API.</summary>
internal static class ErrorResponses
{
    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, ErrorOf(context.Features.Get<IExceptionHandlerFeature>()?.Error)),
            SuppressDiagnosticsCallback = context => context.Exception is CallerRevokedException, // this is a refusal, not a fault
        });
        return app.UseStatusCodePages(context => WriteAsync(context.HttpContext, ApiError.FromStatus(context.HttpContext.Response.StatusCode)));
    }

    private static Task WriteAsync(HttpContext context, ApiError error) =>
        context.RequestServices.GetRequiredService<ErrorWriter>().WriteAsync(context, error);

    private static ApiError ErrorOf(Exception? error) => error switch
    {
        CallerRevokedException => ApiError.FromStatus(StatusCodes.Status401Unauthorized) with { Note = new RefusalNote(RefusalReason.CallerRevoked) },
        AuthenticationTagMismatchException => UnavailableError.EncryptionKeyMissing, // another key now has the name of the key that encrypted the value
        _ => ApiError.FromStatus(StatusOf(error)),
    };

    private static int StatusOf(Exception? error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        { } fault when fault.CanNeverSucceed() => StatusCodes.Status500InternalServerError,
        DbException or TimeoutException or { InnerException: DbException or TimeoutException } => StatusCodes.Status503ServiceUnavailable,
        { } lost when lost.IsLostConnection() => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
