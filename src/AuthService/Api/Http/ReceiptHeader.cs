using AuthService.Revocations;

namespace AuthService.Api.Http;

/// <summary>Documents in OpenAPI that a call may revoke access tokens before they expire, and that its response then has a receipt.</summary>
internal sealed record MayRevoke
{
    public static readonly MayRevoke Metadata = new();
}

/// <summary>Adds the receipt for what a call has revoked to its response (src/AuthService/README.md#receipts).</summary>
internal static class ReceiptHeader
{
    public const string Name = "Revocation-Receipt";

    /// <summary>
    /// Adds the receipt to the response of each call that has revoked something, even if the call failed or its route is not marked. A GET is skipped unless
    /// its route is marked, because it revokes nothing.
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
