using System.Text.Json;
using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>Says of a call that it concerns all there is.</summary>
internal readonly record struct Unfiltered;

/// <summary>
/// A query, a JSON object or an array may have been meant to name a part of what would be revoked. None is read, so a call with one that has anything in it
/// is refused instead of doing more than was asked for. Existing clients send <c>null</c>, <c>{}</c> and a few stray characters where no body belongs.
/// </summary>
internal sealed class UnfilteredReader : IInputReader<Unfiltered>
{
    public static ApiError Bad => ApiError.BadRequest("This concerns all of them and takes neither a query nor a JSON object or array; nothing was done");

    public static async ValueTask<ReadResult<Unfiltered>> ReadAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0)
            return Bad;
        if (!JsonBody.IsSent(context))
            return default(Unfiltered);
        var begins = await JsonBody.BeginsAsync(context, "{[");
        return begins is { Fault: null, Value: true }
            ? (await JsonBody.ParseAsync(context, PartsOf)).Then<Unfiltered>(parts => parts.Length > 0 ? Bad : default(Unfiltered))
            : begins.Then<Unfiltered>(_ => default(Unfiltered));
    }

    private static string[] PartsOf(JsonDocument document) => document.RootElement is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Select(item => item.GetRawText())]
        : [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
}
