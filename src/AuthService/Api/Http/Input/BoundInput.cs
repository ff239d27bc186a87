using System.Reflection;
using AuthService.Api.Http.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Input;

/// <summary>A handler parameter that was read from the request.</summary>
internal interface IBoundInput
{
    /// <summary>The reason why it could not be read; null when it could.</summary>
    ApiError? Fault { get; }
}

internal interface IBoundInput<out T> : IBoundInput
{
    /// <summary>The value. It can be used only when there is no fault.</summary>
    T Value { get; }
}

/// <summary>The rule by which an input is read from a request. A reader has no instances, it is only used as a type argument.</summary>
internal interface IInputReader<T>
{
    static abstract ValueTask<ReadResult<T>> ReadAsync(HttpContext context);

    /// <summary>Documents in OpenAPI what is read.</summary>
    static virtual void Document(EndpointBuilder endpoint)
    {
    }
}

/// <summary>A handler parameter that a reader fills. The handler is called only if the input could be read (<see cref="BadInputFilter"/>).</summary>
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
