using AuthService.Api.Admin;
using AuthService.Principals;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api;

internal static class OptionalMembers
{
    /// <summary>In the documents an optional member looks like what it holds.</summary>
    public static void Describe(SwaggerGenOptions swagger)
    {
        swagger.MapType<Optional<string>>(() => new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null });
        swagger.MapType<Optional<ServiceBody[]>>(() => new OpenApiSchema { Type = JsonSchemaType.Array | JsonSchemaType.Null });
    }
}
