using AuthService.Api.Http.Callers;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Marks the operations that require a token, and those that accept another token or client authentication instead.</summary>
internal sealed class BearerOperations : IOperationFilter
{
    public const string Scheme = "Bearer";

    public const string BasicScheme = "Basic";

    public static OpenApiSecurityScheme BasicDefinition => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "basic",
        Description = "The id of a service and one of its API keys",
    };

    public static OpenApiSecurityScheme Definition => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "JWT",
        Description = "An access token, as /auth/login gives it; where services may call, also a service's API key (`sk_…`)",
    };

    public static OpenApiSecurityScheme DefinitionOf(TakesOtherBearer other) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = other.Description,
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        List<string> schemes = [.. metadata.OfType<TakesOtherBearer>().Select(other => other.Scheme)];
        if (metadata.OfType<TakesClientAuthentication>().Any())
            schemes.Insert(0, BasicScheme);
        if (metadata.OfType<IAuthorizeData>().Any())
            schemes.Insert(0, Scheme);
        if (schemes.Count > 0)
            operation.Security = [.. schemes.Select(Requirement)];

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
