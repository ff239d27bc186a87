using AuthService.Api.Http.Callers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Marks the operations that ask for a token, and those that take client authentication in its place.</summary>
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
        Description = "An access token, as /auth/login gives it",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<IAuthorizeData>().Any())
            return;
        operation.Security = [Requirement(Scheme)];
        if (metadata.OfType<TakesClientAuthentication>().Any())
            operation.Security.Add(Requirement(BasicScheme));

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
