using System.Reflection;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Input;

/// <summary>The rule by which a part of the path is read.</summary>
internal interface IRouteValueReader<T>
{
    /// <summary>A description for the OpenAPI document.</summary>
    static abstract string Description { get; }

    static abstract ReadResult<T> Read(string? text);
}

/// <summary>A handler parameter that is part of the path.</summary>
internal sealed class RouteValue<T, TReader> : IBoundInput<T>, IEndpointParameterMetadataProvider
    where TReader : IRouteValueReader<T>
{
    private readonly ReadResult<T> _result;

    private RouteValue(ReadResult<T> result) => _result = result;

    public ApiError? Fault => _result.Fault;

    public T Value => _result.Value;

    /// <summary>Always succeeds, so that a fault is answered in the error format of the API.</summary>
    public static bool TryParse(string? text, out RouteValue<T, TReader> value)
    {
        value = new RouteValue<T, TReader>(TReader.Read(text));
        return true;
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ExplainsParameter(parameter.Name!, TReader.Description));
}
