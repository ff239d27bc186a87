using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Says of bodies and their members what the comments of the code say of them.</summary>
internal sealed class MemberDescriptions(ContractComments comments) : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema described)
            described.Description = (context.MemberInfo is { } member ? comments.Find(member) : comments.Find(context.Type)) ?? described.Description;
    }
}
