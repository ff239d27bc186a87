using AuthService.Revocations;

namespace AuthService.Api.Http;

/// <summary>Says in the OpenAPI document that a call may revoke access tokens before they expire, and that its answer has a receipt then.</summary>
internal sealed record MayRevoke
{
    public static readonly MayRevoke Metadata = new();
}

/// <summary>The receipt of what a call has revoked (src/AuthService/README.md#receipts).</summary>
internal static class ReceiptHeader
{
    public const string Name = "Revocation-Receipt";

    /// <summary>
    /// Adds it to the answer of whatever call has revoked something, marked or not, successful or not. A GET revokes nothing unless it is marked.
    /// </summary>
    public static async ValueTask<object?> AddAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var result = await next(invocation);
        var context = invocation.HttpContext;
        if (!MayHaveRevoked(context))
            return result;
        if (context.RequestServices.GetRequiredService<RevocationReceipts>().TryWrite() is { } receipt)
            context.Response.Headers[Name] = receipt;
        return result;
    }

    public static TBuilder WithReceipt<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(MayRevoke.Metadata);

    private static bool MayHaveRevoked(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<MayRevoke>() is not null;
}
