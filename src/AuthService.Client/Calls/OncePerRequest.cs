using Microsoft.AspNetCore.Http;

namespace AuthService.Client.Calls;

/// <summary>Calls that are made once for a request, however often it is authenticated: an error page may be made in a scope of its own.</summary>
internal static class OncePerRequest
{
    /// <param name="http">The request.</param>
    /// <param name="caller">Who asks; what others ask is kept apart.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="ask">Asks it, the first time.</param>
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
