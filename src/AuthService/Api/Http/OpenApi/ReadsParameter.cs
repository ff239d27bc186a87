namespace AuthService.Api.Http.OpenApi;

/// <summary>
/// Says in the OpenAPI document that a bound input may read a JSON body. Not the framework's own metadata: with that,
/// routing refuses stray content types, which calls that need no body must let pass.
/// </summary>
internal sealed record MayReadBody(Type Type)
{
    /// <summary>What is no JSON is refused (415); otherwise it counts as no body.</summary>
    public bool RefusesOtherTypes { get; init; }
}

/// <summary>Says in the OpenAPI document what a bound input reads beside the body.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Description">What it is, with its limits.</param>
internal sealed record ReadsParameter(string Name, string Description)
{
    /// <summary>Otherwise it stands in the query.</summary>
    public bool InHeader { get; init; }

    public bool Required { get; init; }

    public bool IsNumber { get; init; }

    public bool IsFlag { get; init; }
}

/// <summary>Says in the OpenAPI document what a parameter of the handler is; on a group it is for those that have one.</summary>
internal sealed record ExplainsParameter(string Name, string Description);

internal static class ParameterExplanations
{
    public static TBuilder Explains<TBuilder>(this TBuilder builder, string parameter, string description)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ExplainsParameter(parameter, description));
}
