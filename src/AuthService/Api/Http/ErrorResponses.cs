using System.Data.Common;
using AuthService.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace AuthService.Api.Http;

/// <summary>Gives every refusal of the framework, and every exception, the error body of the surface that was called.</summary>
internal static class ErrorResponses
{
    public static IApplicationBuilder UseErrorResponses(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, StatusOf(context.Features.Get<IExceptionHandlerFeature>()?.Error)),
            SuppressDiagnosticsCallback = _ => false,
        });
        return app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    private static Task WriteAsync(HttpContext context, int status) =>
        context.RequestServices.GetRequiredService<ErrorWriter>().WriteAsync(context, ApiError.FromStatus(status));

    private static int StatusOf(Exception? error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        DbException { SqlState: ['2', '2', ..] } => StatusCodes.Status500InternalServerError, // data the store cannot take is our fault
        DbException or TimeoutException or { InnerException: DbException or TimeoutException } => StatusCodes.Status503ServiceUnavailable,
        { } lost when lost.IsLostConnection() => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
