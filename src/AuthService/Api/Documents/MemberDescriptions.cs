using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Copies the comments of bodies and their members into the OpenAPI documents.</summary>
internal sealed class MemberDescriptions(ContractComments comments) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema described)
            described.Description = (context.MemberInfo is { } member ? comments.Find(member) : comments.Find(context.Type)) ?? described.Description;
    }
}
