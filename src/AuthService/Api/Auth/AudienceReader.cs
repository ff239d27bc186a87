using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Tokens;

namespace AuthService.Api.Auth;

/// <summary>Reads the scopes of a one-time token, separated by commas, from the query or from a JSON body.</summary>
internal sealed class AudienceReader : IInputReader<ScopeSet>
{
    public static ApiError BadAudience => ApiError.BadRequest("audience must be scopes (segments:access) joined by commas");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("audience", "Scopes joined by commas; instead of the body"));
        endpoint.Metadata.Add(new MayReadBody(typeof(AudienceRequest)) { RefusesOtherTypes = true });
    }

    public static async ValueTask<ReadResult<ScopeSet>> ReadAsync(HttpContext context)
    {
        var audience = context.Request.Query["audience"];
        return audience.Count > 0
            ? Check(audience is [var only] ? only : null)
            : (await JsonBody.ReadAsync<AudienceRequest>(context)).Then(body => Check(body.Audience));
    }

    private static ReadResult<ScopeSet> Check(string? list) => ScopeSet.TryParseList(list ?? "", out var audience) ? audience : BadAudience;
}
