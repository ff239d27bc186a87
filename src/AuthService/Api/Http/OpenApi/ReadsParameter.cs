namespace AuthService.Api.Http.OpenApi;

/// <summary>
/// Documents in OpenAPI that a bound input may read a JSON body. The framework's own metadata is not used: with it, routing refuses other content types, which
/// calls that need no body must accept.
/// </summary>
internal sealed record MayReadBody(Type Type)
{
    /// <summary>Whether a body that is not JSON is refused (415). Otherwise it counts as no body.</summary>
    public bool RefusesOtherTypes { get; init; }
}

/// <summary>Documents in OpenAPI a parameter that a bound input reads from the query or a header.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Description">A description with its limits.</param>
internal sealed record ReadsParameter(string Name, string Description)
{
    /// <summary>Whether the parameter is a header. Otherwise it is in the query.</summary>
    public bool InHeader { get; init; }

    public bool Required { get; init; }

    public bool IsNumber { get; init; }

    public bool IsFlag { get; init; }
}

/// <summary>Describes a parameter of the handler in OpenAPI. On a group it applies to all routes that have the parameter.</summary>
internal sealed record ExplainsParameter(string Name, string Description);

internal static class ParameterExplanations
{
    public static TBuilder Explains<TBuilder>(this TBuilder builder, string parameter, string description)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ExplainsParameter(parameter, description));
}
