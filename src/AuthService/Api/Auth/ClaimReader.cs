using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.Auth;

/// <summary>Reads the <c>jti</c> to claim from the query or from a JSON body. With a <c>jti</c> in the query the body is ignored.</summary>
internal sealed class ClaimReader : IInputReader<string>
{
    private const int LongestJti = 256;

    public static ApiError BadJti => ApiError.BadRequest($"jti must have 1 to {LongestJti} characters");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("jti", $"1 to {LongestJti} characters; instead of the body"));
        endpoint.Metadata.Add(new MayReadBody(typeof(ClaimRequest)) { RefusesOtherTypes = true });
    }

    public static async ValueTask<ReadResult<string>> ReadAsync(HttpContext context)
    {
        var jti = context.Request.Query["jti"];
        return jti.Count > 0
            ? Check(jti is [var only] ? only : null)
            : (await JsonBody.ReadAsync<ClaimRequest>(context)).Then(body => Check(body.Jti));
    }

    private static ReadResult<string> Check(string? jti) => jti is { Length: > 0 and <= LongestJti } ? jti : BadJti;
}
