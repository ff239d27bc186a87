using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>Reads a flag in the query: <c>?name</c>, <c>?name=true</c> or <c>?name=false</c>. It is false when it is missing.</summary>
internal static class QueryFlag
{
    public static ReadResult<bool> Read(IQueryCollection query, string name, ApiError fault) =>
        (query.ContainsKey(name), query[name].ToString().ToUpperInvariant()) switch
        {
            (false, _) or (_, "FALSE") => false,
            (_, "" or "TRUE") => true,
            _ => fault,
        };
}
