using System.Reflection;
using AuthService.Api.Http;
using AuthService.Delegation;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Auth;

/// <summary>What a service asks for when it extends somebody's token.</summary>
internal sealed class ExtensionInput : IBoundInput, IBindableFromHttpContext<ExtensionInput>, IEndpointParameterMetadataProvider
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private readonly ExtensionRequest? _request;

    public static ApiError NoToken => ApiError.BadRequest("validJWT is missing");

    public static ApiError BadScopes => ApiError.BadRequest("requestedScopes must be scopes of the form segments:access");

    public static ApiError BadLifetime => ApiError.BadRequest($"expiresIn must be from 0 to {LongestLifetime.TotalMilliseconds:0} milliseconds");

    private ExtensionInput(ExtensionRequest? request, ApiError? fault) => (_request, Fault) = (request, fault);

    public ApiError? Fault { get; }

    public ExtensionRequest Request => _request ?? throw new InvalidOperationException("The request could not be read");

    public static async ValueTask<ExtensionInput?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (body, fault) = await JsonBody.ReadAsync<ExtensionRequestBody>(context);
        return body is null ? new ExtensionInput(null, fault) : Check(body);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(ExtensionRequestBody)));

    private static ExtensionInput Check(ExtensionRequestBody body)
    {
        if (string.IsNullOrEmpty(body.ValidJWT))
            return Refuse(NoToken);
        if (body.RequestedScopes is not { Length: > 0 })
            return Refuse(ApiError.BadRequest("requestedScopes must name at least one scope"));
        if (!ScopeSet.TryParse(body.RequestedScopes, out var scopes))
            return Refuse(BadScopes);
        if (body.ExpiresIn is not { } milliseconds || milliseconds < 0 || milliseconds > LongestLifetime.TotalMilliseconds)
            return Refuse(BadLifetime);
        return new ExtensionInput(
            new ExtensionRequest(body.ValidJWT, scopes, TimeSpan.FromMilliseconds(milliseconds), body.AllowRefreshes ?? false), fault: null);

        static ExtensionInput Refuse(ApiError fault) => new(null, fault);
    }
}
