using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Api.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Shows an example of every body: those of the surface, and its refusals as they would be written.</summary>
internal sealed class OperationBodies(IOptions<JsonOptions> json) : IOperationFilter
{
    /// <summary>The one of the W3C recommendation's own example.</summary>
    private const string SomeTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly JsonSerializerOptions _answers = json.Value.SerializerOptions;

    /// <summary>What a client has no value for it leaves out.</summary>
    private readonly JsonSerializerOptions _requests = new(json.Value.SerializerOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var surface = ApiSurfaces.All.Single(surface => surface.Document == context.ApiDescription.GroupName);
        var name = NameOf(context.ApiDescription);
        var examples = surface.Examples.SingleOrDefault(candidate => candidate.Operation == name) ?? new OperationExamples(name);
        Show(operation.RequestBody?.Content?.Values ?? [], examples.Requests, _requests);

        ApiError[] refusals = [.. examples.Refusals, .. metadata.OfType<MayRefuse>().Select(may => may.Error)];
        foreach (var produced in metadata.OfType<IProducesResponseTypeMetadata>().Where(produced => produced.Type is not null && produced.Type != typeof(void)))
        {
            var bodies = produced.StatusCode < StatusCodes.Status400BadRequest
                ? examples.Answers.Where(answer => answer.Value.GetType().IsAssignableTo(produced.Type))
                : refusals.Where(refusal => refusal.Status == produced.StatusCode).DistinctBy(OperationExamples.NameOf, StringComparer.Ordinal)
                    .Select(refusal => KeyValuePair.Create(OperationExamples.NameOf(refusal), surface.ToBody(refusal with { TraceId = SomeTraceId })));
            Show(DescribeContent(operation, produced, context), [.. bodies], _answers);
        }

        Sort(operation);
    }

    private static string NameOf(ApiDescription description) => $"{description.HttpMethod} /{description.RelativePath?.TrimEnd('/')}";

    /// <summary>The generator alone keeps one type for each status, where one status may have a page and a document.</summary>
    private static IEnumerable<IOpenApiMediaType> DescribeContent(
        OpenApiOperation operation, IProducesResponseTypeMetadata produced, OperationFilterContext context)
    {
        var answer = (OpenApiResponse)operation.Responses![produced.StatusCode.ToString(CultureInfo.InvariantCulture)];
        answer.Content ??= new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
        foreach (var type in produced.ContentTypes)
            answer.Content[type] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(produced.Type, context.SchemaRepository) };
        return produced.ContentTypes.Select(type => answer.Content[type]);
    }

    private static void Sort(OpenApiOperation operation)
    {
        var answers = new OpenApiResponses();
        foreach (var (status, answer) in operation.Responses!.OrderBy(answer => answer.Key, StringComparer.Ordinal))
            answers[status] = answer;
        operation.Responses = answers;
    }

    private static void Show(IEnumerable<IOpenApiMediaType> contents, ICollection<KeyValuePair<string, object>> bodies, JsonSerializerOptions options)
    {
        foreach (var content in contents.OfType<OpenApiMediaType>())
        {
            content.Examples = bodies.ToDictionary(
                body => body.Key,
                IOpenApiExample (body) => new OpenApiExample { Value = JsonSerializer.SerializeToNode(body.Value, body.Value.GetType(), options) },
                StringComparer.Ordinal);
        }
    }
}
