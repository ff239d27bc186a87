using System.Reflection;
using AuthService.Api.Http;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Auth;

/// <summary>The scopes of a one-time token, joined by commas, from the query or from a JSON body.</summary>
internal sealed class AudienceInput : IBoundInput, IBindableFromHttpContext<AudienceInput>, IEndpointParameterMetadataProvider
{
    private readonly ScopeSet? _audience;

    private AudienceInput(ScopeSet? audience, ApiError? fault) => (_audience, Fault) = (audience, fault);

    public static ApiError BadAudience => ApiError.BadRequest("audience must be scopes (segments:access) joined by commas");

    public ApiError? Fault { get; }

    public ScopeSet Audience => _audience ?? throw new InvalidOperationException("The audience could not be read");

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ReadsParameter("audience", "Scopes joined by commas; instead of the body"));
        builder.Metadata.Add(new MayReadBody(typeof(AudienceRequest)) { RefusesOtherTypes = true });
    }

    public static async ValueTask<AudienceInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var audience = context.Request.Query["audience"];
        if (audience.Count > 0)
            return Check(audience is [var only] ? only : null);
        var (body, fault) = await JsonBody.ReadAsync<AudienceRequest>(context);
        return body is null ? new AudienceInput(null, fault) : Check(body.Audience);
    }

    private static AudienceInput Check(string? list) => ScopeSet.TryParseList(list ?? "", out var audience)
        ? new AudienceInput(audience, fault: null)
        : new AudienceInput(null, BadAudience);
}
