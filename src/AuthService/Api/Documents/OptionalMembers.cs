using AuthService.Principals;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Documents an optional member with the schema of the value that it holds, and allows null.</summary>
internal sealed class OptionalMembers : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } members })
            return;
        foreach (var member in context.Type.GetProperties().Where(member => IsOptional(member.PropertyType)))
        {
            var held = context.SchemaGenerator.GenerateSchema(member.PropertyType.GenericTypeArguments[0], context.SchemaRepository, member);
            if (held is OpenApiSchema described)
                described.Type |= JsonSchemaType.Null;
            members[char.ToLowerInvariant(member.Name[0]) + member.Name[1..]] = held;
        }
    }

    private static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
}
