using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Api.Http;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>Adds examples of every body to the OpenAPI documents: those of the route, and its refusals in the format of its API.</summary>
internal sealed class OperationBodies(IOptions<JsonOptions> json) : IOperationFilter
{
    /// <summary>The trace id from the example in the W3C recommendation.</summary>
    private const string SomeTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly JsonSerializerOptions _answers = json.Value.SerializerOptions;

    /// <summary>The options for requests. They leave out null, as a client without a value does.</summary>
    private readonly JsonSerializerOptions _requests = new(json.Value.SerializerOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var surface = ApiSurfaces.All.Single(surface => surface.Document == context.ApiDescription.GroupName);
        var examples = metadata.OfType<OperationExamples>().SingleOrDefault() ?? OperationExamples.None;
        Show(operation.RequestBody?.Content?.Values ?? [], examples.Requests, _requests);

        ApiError[] refusals = [.. examples.Refusals, .. metadata.OfType<MayRefuse>().Select(may => may.Error)];
        foreach (var produced in metadata.OfType<IProducesResponseTypeMetadata>().Where(produced => produced.Type is not null && produced.Type != typeof(void)))
        {
            var types = FindTypes(produced, metadata);
            var bodies = produced.StatusCode < StatusCodes.Status400BadRequest
                ? examples.Answers.Where(answer => Array.Exists(types, answer.Value.GetType().IsAssignableTo))
                : refusals.Where(refusal => refusal.Status == produced.StatusCode).DistinctBy(OperationExamples.NameOf, StringComparer.Ordinal)
                    .Select(refusal => KeyValuePair.Create(OperationExamples.NameOf(refusal), ToBody(refusal, produced.Type!, surface)));
            Show(CreateContent(operation, produced, types, context), [.. bodies], _answers);
        }

        Sort(operation);
    }

    /// <summary>Returns the body of a refusal in the format of its API; for a page, its message.</summary>
    private static object ToBody(ApiError refusal, Type type, Surface surface) => type == typeof(string)
        ? $"<!DOCTYPE html>…<p role=\"alert\">{refusal.Message}.</p>…"
        : surface.ToBody(refusal with { TraceId = SomeTraceId });

    /// <summary>
    /// Adds every content type of a status. The generator alone keeps only one type for each status, but a status may have a page and a document.
    /// </summary>
    private static IEnumerable<IOpenApiMediaType> CreateContent(
        OpenApiOperation operation, IProducesResponseTypeMetadata produced, Type[] types, OperationFilterContext context)
    {
        IOpenApiSchema[] schemas = [.. types.Select(type => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository))];
        var answer = (OpenApiResponse)operation.Responses![produced.StatusCode.ToString(CultureInfo.InvariantCulture)];
        answer.Content ??= new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
        foreach (var type in produced.ContentTypes)
            answer.Content[type] = new OpenApiMediaType { Schema = schemas is [var one] ? one : new OpenApiSchema { OneOf = schemas } };
        return produced.ContentTypes.Select(type => answer.Content[type]);
    }

    /// <summary>Returns the body types of a status. There are several when the request decides between them.</summary>
    private static Type[] FindTypes(IProducesResponseTypeMetadata produced, IList<object> metadata) =>
    [
        .. metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(other => other.StatusCode == produced.StatusCode && other.ContentTypes.SequenceEqual(produced.ContentTypes, StringComparer.Ordinal))
            .Select(other => other.Type).OfType<Type>().Where(type => type != typeof(void)).Distinct(),
    ];

    private static void Sort(OpenApiOperation operation)
    {
        var answers = new OpenApiResponses();
        foreach (var (status, answer) in operation.Responses!.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            ((OpenApiResponse)answer).Content = JsonFirst(answer.Content);
            answers[status] = answer;
        }

        operation.Responses = answers;
        if (operation.RequestBody is OpenApiRequestBody request)
            request.Content = JsonFirst(WithOneForm(request.Content));
    }

    /// <summary>Keeps one encoding of a form. For the fields of a second encoding, client generators would create arguments beside the body.</summary>
    private static Dictionary<string, IOpenApiMediaType>? WithOneForm(IDictionary<string, IOpenApiMediaType>? contents) => contents?
        .Where(content => content.Key is not MediaTypeNames.Multipart.FormData || !contents.ContainsKey(MediaTypeNames.Application.FormUrlEncoded))
        .ToDictionary(content => content.Key, content => content.Value, StringComparer.Ordinal);

    /// <summary>Puts JSON first, because generated clients send and expect the first type that they know.</summary>
    private static Dictionary<string, IOpenApiMediaType>? JsonFirst(IDictionary<string, IOpenApiMediaType>? contents) => contents?
        .OrderBy(content => content.Key is not MediaTypeNames.Application.Json)
        .ToDictionary(content => content.Key, content => content.Value, StringComparer.Ordinal);

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
