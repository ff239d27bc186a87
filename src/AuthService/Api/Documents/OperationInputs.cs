using AuthService.Api.Http.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Documents the query parameters, headers and optional bodies that bound inputs read, and describes each parameter.</summary>
internal sealed class OperationInputs : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<MayReadBody>().FirstOrDefault() is { Type: var body })
        {
            var schema = context.SchemaGenerator.GenerateSchema(body, context.SchemaRepository);
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new OpenApiMediaType { Schema = schema } },
            };
        }

        operation.Parameters ??= [];
        foreach (var read in metadata.OfType<ReadsParameter>())
            operation.Parameters.Add(CreateParameter(read));
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
            parameter.Description ??= metadata.OfType<ExplainsParameter>().LastOrDefault(explained => explained.Name == parameter.Name)?.Description;
    }

    private static OpenApiParameter CreateParameter(ReadsParameter read) => new()
    {
        Name = read.Name,
        In = read.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
        Required = read.Required,
        Description = read.Description,
        Schema = new OpenApiSchema { Type = TypeOf(read) },
    };

    private static JsonSchemaType TypeOf(ReadsParameter read) => read switch
    {
        { IsNumber: true } => JsonSchemaType.Integer,
        { IsFlag: true } => JsonSchemaType.Boolean,
        _ => JsonSchemaType.String,
    };
}
