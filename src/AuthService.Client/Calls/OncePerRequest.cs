using Microsoft.AspNetCore.Http;

namespace AuthService.Client.Calls;

/// <summary>Makes a call once for a request, even if the request is authenticated again, for example by an error page in its own scope.</summary>
internal static class OncePerRequest
{
    /// <summary>Makes the call, or returns the answer of the first one.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">The class that asks. Each class has its own answers.</param>
    /// <param name="question">The key of the answer.</param>
    /// <param name="ask">The call.</param>
    public static Task<bool> AskOnceAsync(this HttpContext http, Type caller, string question, Func<Task<bool>> ask)
    {
        var key = (caller, question);
        if (http.Items.TryGetValue(key, out var earlier) && earlier is Task<bool> answer)
            return answer;
        var first = ask();
        http.Items[key] = first;
        return first;
    }
}
