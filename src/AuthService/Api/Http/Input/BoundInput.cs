using System.Reflection;
using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Input;

/// <summary>A parameter of a handler that was read from the request.</summary>
internal interface IBoundInput
{
    /// <summary>Why it could not be read.</summary>
    ApiError? Fault { get; }
}

internal interface IBoundInput<out T> : IBoundInput
{
    /// <summary>Only when there is no fault.</summary>
    T Value { get; }
}

/// <summary>The rule by which one input is read from a request. A reader has no instances: it is named as a type argument only.</summary>
internal interface IInputReader<T>
{
    static abstract ValueTask<ReadResult<T>> ReadAsync(HttpContext context);

    /// <summary>Says in the OpenAPI document what is read.</summary>
    static virtual void Document(EndpointBuilder endpoint)
    {
    }
}

/// <summary>A parameter of a handler that a reader fills. The handler runs only when the input could be read (<see cref="BadInputFilter"/>).</summary>
internal sealed class BoundInput<T, TReader> : IBoundInput<T>, IBindableFromHttpContext<BoundInput<T, TReader>>, IEndpointParameterMetadataProvider
    where TReader : IInputReader<T>
{
    private readonly ReadResult<T> _result;

    private BoundInput(ReadResult<T> result) => _result = result;

    public ApiError? Fault => _result.Fault;

    public T Value => _result.Value;

    public static async ValueTask<BoundInput<T, TReader>?> BindAsync(HttpContext context, ParameterInfo parameter) => new(await TReader.ReadAsync(context));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => TReader.Document(builder);
}
