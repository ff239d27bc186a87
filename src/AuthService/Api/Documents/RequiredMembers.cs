using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>
/// Says which members are always there: those that cannot be null. In requests, where readers look for what is missing, every member can, and those that
/// cannot be done without are marked (<see cref="System.ComponentModel.DataAnnotations.RequiredAttribute"/>).
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
            member.Type &= ~JsonSchemaType.Null; // of a request, which may lack it as far as the serializer knows
    }

    private static string NameOf(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);
}
