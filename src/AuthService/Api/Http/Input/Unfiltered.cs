using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>Says of a call that it concerns all there is.</summary>
internal readonly record struct Unfiltered;

/// <summary>
/// A query may have been meant to name a part of what would be revoked. None is read, so a call with one is refused instead of
/// doing more than was asked for.
/// </summary>
internal sealed class UnfilteredReader : IInputReader<Unfiltered>
{
    public static ApiError Bad => ApiError.BadRequest("This concerns all of them and takes no query; nothing was done");

    public static ValueTask<ReadResult<Unfiltered>> ReadAsync(HttpContext context) =>
        ValueTask.FromResult<ReadResult<Unfiltered>>(context.Request.Query.Count is 0 ? default(Unfiltered) : Bad);
}
