using AuthService.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Documents the receipt in the response of a call that has revoked something.</summary>
internal sealed class OperationReceipts : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<MayRevoke>().Any())
            return;
        foreach (var (_, answer) in operation.Responses!.Where(answer => answer.Key.StartsWith('2')))
        {
            ((OpenApiResponse)answer).Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                [ReceiptHeader.Name] = new OpenApiHeader
                {
                    Description = "A signed JWT that says what was revoked, and until when it could pass unnoticed; only where something was revoked",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }
    }
}
