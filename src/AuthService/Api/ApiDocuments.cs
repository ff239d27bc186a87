using AuthService.Api.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api;

/// <summary>One OpenAPI document for each surface, and Swagger UI over all of them.</summary>
internal static class ApiDocuments
{
    private const string Scheme = "Bearer";

    /// <summary>
    /// What Swagger UI needs and no more: its own files, its icons (which its style sheet holds as data), the one style that
    /// its script adds (by hash: it changes with the package, and a test then shows the new one) and calls to this service.
    /// </summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddApiDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(swagger =>
        {
            foreach (var surface in ApiSurfaces.All)
                swagger.SwaggerDoc(surface.Document, new OpenApiInfo { Title = surface.Title, Version = "1" });
            swagger.AddSecurityDefinition(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "An access token, as /auth/login gives it",
            });
            swagger.OperationFilter<BearerOperations>();
            swagger.OperationFilter<InputParameters>();
            swagger.SupportNonNullableReferenceTypes();
            OptionalMembers.Describe(swagger);
        });
    }

    /// <summary>On in Development, elsewhere when <c>Swagger:Enabled</c> says so.</summary>
    public static void UseApiDocuments(this WebApplication app)
    {
        if (!app.Configuration.GetValue("Swagger:Enabled", app.Environment.IsDevelopment()))
            return;
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase))
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return next(context);
        });
        app.UseSwagger();
        app.UseSwaggerUI(ui =>
        {
            foreach (var surface in ApiSurfaces.All)
                ui.SwaggerEndpoint($"/swagger/{surface.Document}/swagger.json", surface.Title);
        });
    }

    /// <summary>Marks the operations that ask for a token, and only those.</summary>
    private sealed class BearerOperations : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        }
    }

    /// <summary>Lists what the bound inputs read from query, headers and optional bodies.</summary>
    private sealed class InputParameters : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<MayReadBody>().FirstOrDefault() is { Type: var body })
            {
                var schema = context.SchemaGenerator.GenerateSchema(body, context.SchemaRepository);
                operation.RequestBody = new OpenApiRequestBody
                {
                    Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new OpenApiMediaType { Schema = schema } },
                };
            }

            foreach (var read in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ReadsParameter>())
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = read.Name,
                    In = read.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
                    Required = read.Required,
                    Description = read.Description,
                    Schema = new OpenApiSchema { Type = read.IsNumber ? JsonSchemaType.Integer : read.IsFlag ? JsonSchemaType.Boolean : JsonSchemaType.String },
                });
            }
        }
    }
}
