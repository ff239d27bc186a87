using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Idempotency;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Features;

namespace AuthService.Api.AppTokens;

/// <summary>
/// Answers a repeated call that has an idempotency key with the first response. It applies only to handlers that take the key as a parameter.
/// </summary>
internal static class IdempotencyFilter
{
    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var takesKey = factory.MethodInfo.GetParameters().Any(parameter => parameter.ParameterType == typeof(BoundInput<IdempotencyKey, IdempotencyKeyReader>));
        return takesKey ? invocation => InvokeAsync(invocation, next) : next;
    }

    private static async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (invocation.Arguments.OfType<BoundInput<IdempotencyKey, IdempotencyKeyReader>>().Single().Value.Text is not { } key
            || FindCaller(context) is not { } caller)
            return await next(invocation);
        var calls = context.RequestServices.GetRequiredService<IdempotentCalls>();
        if (!calls.CanKeep)
            return UnavailableError.EncryptionKeyMissing;
        var text = invocation.Arguments.OfType<IBoundInput<IReadBody>>().SingleOrDefault()?.Value.RawText;
        var call = new IdempotentCall(
            TokenHash.Of($"{caller}\n{RouteOf(context)}\n{key}"), TokenHash.Of($"{context.Request.QueryString}\n{text}"));
        return await calls.RunAsync(call, () => RecordAsync(context, () => next(invocation))) switch
        {
            IdempotentOutcome.Answered(var answer) => new RecordedAnswer(answer),
            IdempotentOutcome.Unreadable => UnavailableError.EncryptionKeyMissing,
            _ => AppTokenErrors.KeyUsedDifferently,
        };
    }

    /// <summary>
    /// Returns the id of the caller, or for a logout the hash of the app token, which may be revoked already. With any other credential a logout is refused,
    /// and no response is kept.
    /// </summary>
    private static string? FindCaller(HttpContext context)
    {
        if (context.User.Identity is Caller caller)
            return caller.Principal.Id;
        return AppToken.TryParse(BearerToken.Find(context.Request)) is { } token ? Convert.ToHexString(token.Hash()) : null;
    }

    /// <summary>Returns the route of the call. It uses the pattern and not the path, because one path can be written in several ways.</summary>
    private static string RouteOf(HttpContext context) => $"{((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText}\n{context.GetRouteValue("app_id")}";

    /// <summary>Records the response without sending it, until it is certain that the call took effect.</summary>
    private static async Task<Answer> RecordAsync(HttpContext context, Func<ValueTask<object?>> run)
    {
        var (real, aborted) = (context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), context.RequestAborted);
        using var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.RequestAborted = CancellationToken.None; // otherwise, if the caller disconnected, only half of the response would be kept
        try
        {
            if (await run() is IResult result)
                await result.ExecuteAsync(context);
            await context.Response.BodyWriter.FlushAsync();
            return new Answer(context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location, body.ToArray());
        }
        finally
        {
            context.Features.Set(real);
            context.RequestAborted = aborted;
        }
    }

    private sealed class RecordedAnswer(Answer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            response.ContentType = answer.ContentType;
            response.Headers.Location = answer.Location;
            if (answer.Body.Length > 0)
                await response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
