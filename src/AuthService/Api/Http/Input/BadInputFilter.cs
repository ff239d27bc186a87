using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>Returns the fault, and does not call the handler, when an input could not be read. It applies only to handlers with such parameters.</summary>
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

    /// <summary>Returns the first fault, or all of them together if each is of the kind that an API lists.</summary>
    private static ApiError Join(List<ApiError> errors) =>
        errors.Find(error => error.Faults.Count == 0) ?? ApiError.Unprocessable([.. errors.SelectMany(error => error.Faults)]);
}
