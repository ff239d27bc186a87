using AuthService.Api.Http.Errors;
using Microsoft.Extensions.Primitives;

namespace AuthService.Api.Http.Input;

/// <summary>Reads values from a query, each of which may occur only once. It keeps the first fault as an error that names the parameter.</summary>
internal sealed class QueryValues(IQueryCollection query)
{
    /// <returns>False when the text is not allowed.</returns>
    public delegate bool Parser<T>(string text, out T value);

    public ApiError? Fault { get; private set; }

    /// <param name="name">The name of the parameter.</param>
    /// <param name="allowed">The end of the sentence "It must be …".</param>
    public static ApiError Bad(string name, string allowed) => ApiError.BadRequest($"{name} in the query must be {allowed}");

    /// <param name="name">The name of the parameter.</param>
    /// <param name="usual">The value when the parameter is missing.</param>
    /// <param name="allowed">The end of the sentence "It must be …".</param>
    /// <param name="parser">Reads the text of the parameter.</param>
    public T Read<T>(string name, T usual, string allowed, Parser<T> parser)
    {
        if (!query.TryGetValue(name, out StringValues texts))
            return usual;
        if (texts is [{ } text] && parser(text, out var value))
            return value;
        Fault ??= Bad(name, $"{allowed}{(texts.Count > 1 ? ", and given once" : "")}");
        return usual;
    }
}
