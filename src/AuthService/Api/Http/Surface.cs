using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http;

/// <summary>An API: its path, its policy, the format of its errors, and its OpenAPI document.</summary>
/// <param name="Prefix">The path with which all its routes begin.</param>
/// <param name="Document">The name of its OpenAPI document.</param>
/// <param name="Title">The title in Swagger UI.</param>
/// <param name="ErrorType">The record that its errors are written as.</param>
/// <param name="ToBody">Converts an error to that record.</param>
/// <param name="Map">Adds its routes to the group.</param>
internal sealed record Surface(
    string Prefix, string Document, string Title, Type ErrorType, Func<ApiError, object> ToBody, Action<RouteGroupBuilder> Map)
{
    public string ErrorContentType { get; init; } = "application/json";

    /// <summary>A text for the OpenAPI document that tells callers what they should know first; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>The record for faults of the input (422); null when it is the same as for other errors.</summary>
    public Type? InvalidInputType { get; init; }

    /// <summary>The policy that applies to all its routes; null when each route has its own.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether the number of calls per second is limited for each caller (<see cref="RateLimitOptions.ApiPerCallerPerSecond"/>).</summary>
    public bool LimitsCallers { get; init; }

    /// <summary>The heading of its operations in the OpenAPI document.</summary>
    private string Tag => Title.Replace(" API", "", StringComparison.Ordinal);

    public bool Owns(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    public void MapTo(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Prefix).WithGroupName(Document).WithTags(Tag).WithMetadata(this)
            .AddEndpointFilter(ReceiptHeader.AddAsync).AddEndpointFilterFactory(BadInputFilter.Create);
        if (Policy is not null)
            group.RequireAuthorization(Policy);
        Map(group);
        ((IEndpointConventionBuilder)group).Finally(AddErrors);
    }

    /// <summary>Documents every refusal with the error type of this API.</summary>
    private void AddErrors(EndpointBuilder endpoint)
    {
        foreach (var refusal in MiddlewareRefusals.Of([.. endpoint.Metadata]))
        {
            endpoint.Metadata.Add(new MayRefuse(refusal));
            AddMissing(endpoint, refusal.Status);
        }

        for (var i = 0; i < endpoint.Metadata.Count; i++)
        {
            if (endpoint.Metadata[i] is IProducesResponseTypeMetadata { Type: { } type } produced && type == typeof(ApiError))
                endpoint.Metadata[i] = new ProducesResponseTypeMetadata(produced.StatusCode, ErrorTypeOf(produced.StatusCode), [ErrorContentType]);
        }
    }

    private Type ErrorTypeOf(int status) => status is StatusCodes.Status422UnprocessableEntity ? InvalidInputType ?? ErrorType : ErrorType;

    private static void AddMissing(EndpointBuilder endpoint, int status)
    {
        if (!endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(produced => produced.StatusCode == status))
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ApiError)));
    }
}
