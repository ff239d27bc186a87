namespace AuthService.Api.Http;

/// <summary>Something read from a request that may turn out to be unreadable. A handler only ever sees it when it is not.</summary>
internal interface IBoundInput
{
    ApiError? Fault { get; }
}

/// <summary>Answers for a handler whose input could not be read. It costs nothing where a handler has no such input.</summary>
internal static class BadInputFilter
{
    public static EndpointFilterDelegate Create(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var readsInput = factory.MethodInfo.GetParameters().Any(parameter => parameter.ParameterType.IsAssignableTo(typeof(IBoundInput)));
        return readsInput ? invocation => InvokeAsync(invocation, next) : next;
    }

    private static ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var faulty = invocation.Arguments.OfType<IBoundInput>().Select(input => input.Fault).OfType<ApiError>().ToList();
        return faulty.Count == 0 ? next(invocation) : ValueTask.FromResult<object?>(new BadInputError(Join(faulty)));
    }

    /// <summary>The first fault, or all of them where each is one of those that a surface lists together.</summary>
    private static ApiError Join(List<ApiError> errors) =>
        errors.Find(error => error.Faults.Count == 0) ?? ApiError.Unprocessable([.. errors.SelectMany(error => error.Faults)]);
}
