using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http;

/// <summary>One API: where it stands, what its errors look like and which OpenAPI document describes it.</summary>
/// <param name="Prefix">The path that all its routes begin with.</param>
/// <param name="Document">The name of its OpenAPI document.</param>
/// <param name="Title">What Swagger UI calls it.</param>
/// <param name="ErrorType">The record that its errors are written as.</param>
/// <param name="ToBody">Puts an error into that record.</param>
/// <param name="Map">Adds its routes to the group.</param>
internal sealed record Surface(
    string Prefix, string Document, string Title, Type ErrorType, Func<ApiError, object> ToBody, Action<RouteGroupBuilder> Map)
{
    public string ErrorContentType { get; init; } = "application/json";

    /// <summary>What whoever calls it should know beforehand, for its OpenAPI document.</summary>
    public string? Description { get; init; }

    /// <summary>The record that faults of the input are written as (422), where it is another one.</summary>
    public Type? InvalidInputType { get; init; }

    /// <summary>The policy that every route of it asks for; null when each says so itself.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether each caller has only so many calls a second (<see cref="RateLimitOptions.ApiPerCallerPerSecond"/>).</summary>
    public bool LimitsCallers { get; init; }

    /// <summary>What its operations are listed under.</summary>
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

    /// <summary>In the OpenAPI document every refusal has this surface's own shape.</summary>
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
