using System.Text.Json;
using AuthService.Api.Http.Errors;

namespace AuthService.Api.Http.Input;

/// <summary>Marks a call that concerns all items.</summary>
internal readonly record struct Unfiltered;

/// <summary>
/// Refuses a call that revokes everything but has a query, or a JSON object or array that is not empty. The caller may have meant to select a part, but no
/// selection is read here. <c>null</c>, <c>{}</c> and a few stray characters are accepted, because existing clients send them.
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
