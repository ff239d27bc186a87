using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>
/// Marks the members that are always present, which are those that cannot be null. In requests every member can be null, because readers check for missing
/// ones; there, required members have an attribute (<see cref="System.ComponentModel.DataAnnotations.RequiredAttribute"/>).
/// </summary>
internal sealed class RequiredMembers : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } members } described)
            return;
        described.Required ??= new HashSet<string>(StringComparer.Ordinal);
        var nullability = new NullabilityInfoContext();
        foreach (var member in context.Type.GetProperties().Where(member => members.ContainsKey(NameOf(member))))
        {
            if (nullability.Create(member).ReadState is NullabilityState.NotNull && member.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                described.Required.Add(NameOf(member));
        }

        foreach (var member in described.Required.Select(name => members[name]).OfType<OpenApiSchema>())
            member.Type &= ~JsonSchemaType.Null; // a required member of a request, which the serializer takes for nullable
    }

    private static string NameOf(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);
}
