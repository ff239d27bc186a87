using System.Reflection;
using AuthService.Api.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Auth;

/// <summary>The <c>jti</c> to be claimed, from the query or from a JSON body. A body beside the query is passed over.</summary>
internal sealed class ClaimInput : IBoundInput, IBindableFromHttpContext<ClaimInput>, IEndpointParameterMetadataProvider
{
    private const int LongestJti = 256;

    private ClaimInput(string jti, ApiError? fault) => (Jti, Fault) = (jti, fault);

    public static ApiError BadJti => ApiError.BadRequest($"jti must have 1 to {LongestJti} characters");

    public ApiError? Fault { get; }

    public string Jti { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ReadsParameter("jti", $"1 to {LongestJti} characters; instead of the body"));
        builder.Metadata.Add(new MayReadBody(typeof(ClaimRequest)) { RefusesOtherTypes = true });
    }

    public static async ValueTask<ClaimInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var jti = context.Request.Query["jti"];
        if (jti.Count > 0)
            return Check(jti is [var only] ? only : null);
        var (body, fault) = await JsonBody.ReadAsync<ClaimRequest>(context);
        return body is null ? new ClaimInput("", fault) : Check(body.Jti);
    }

    private static ClaimInput Check(string? jti) => jti is { Length: > 0 and <= LongestJti }
        ? new ClaimInput(jti, fault: null)
        : new ClaimInput("", BadJti);
}
