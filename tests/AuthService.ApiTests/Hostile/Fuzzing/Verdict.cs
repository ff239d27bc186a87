using System.Text.RegularExpressions;
using AuthService.ApiTests.Http;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Judges whether the response to a spoilt request is correct (SECURITY 17 to 19).</summary>
internal static partial class Verdict
{
    private static readonly (string Name, string Part)[] Headers =
    [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Content-Security-Policy", "default-src 'none'"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
    ];

    /// <param name="operation">The operation of the request before it was spoilt.</param>
    /// <param name="isElsewhere">Whether the path has changed, so that another API or a page may have answered.</param>
    /// <returns>Null when nothing is wrong with the answer.</returns>
    public static string? FindFault(ApiOperation operation, bool isElsewhere, Mutation mutation, string method, RawAnswer? answer) => answer switch
    {
        null => mutation.MayBeUnfinished || mutation.MayBreakHttp ? null : "no answer",
        { Status: 505 } when mutation.MayBreakHttp => null,
        { Status: >= 500 } => "a server error",
        _ when mutation.MayBreakHttp && IsOfKestrel(answer) => null,
        _ => FindHeaderFault(operation, isElsewhere, answer)
            ?? (answer.Status >= 400 && method is not "HEAD" ? FindBodyFault(operation, isElsewhere, method, answer) : null),
    };

    /// <summary>Returns whether Kestrel answered before any code of the service saw the request.</summary>
    private static bool IsOfKestrel(RawAnswer answer) =>
        answer is { Status: 400 or 405 or 408 or 411 or 413 or 414 or 431, Body: "" } && answer.Header("Connection") is "close";

    private static string? FindHeaderFault(ApiOperation operation, bool isElsewhere, RawAnswer answer)
    {
        if (answer.Headers.ContainsKey("Server") || answer.Headers.ContainsKey("X-Powered-By"))
            return "says what it runs on";
        if (answer.Status is 401 != answer.Headers.ContainsKey("WWW-Authenticate"))
            return "401 and WWW-Authenticate do not go together";
        if (isElsewhere && answer.Status < 400)
            return null; // pages have their own policy and their own tests
        var missing = Headers.FirstOrDefault(header => !answer.Header(header.Name).Contains(header.Part, StringComparison.Ordinal));
        if (missing.Name is not null)
            return $"no {missing.Name}: {missing.Part}";
        var mayBeStored = operation.MayBeKept && answer.Status < 400;
        return mayBeStored || answer.Header("Cache-Control").Contains("no-store", StringComparison.Ordinal) ? null : "no no-store";
    }

    /// <summary>Returns whether the response contains the form with the values that were sent.</summary>
    private static bool KeepsWhatItWasSent(ApiOperation operation) => operation.Path is "/login/new-password" or "/login/second-step";

    private static string? FindBodyFault(ApiOperation operation, bool isElsewhere, string method, RawAnswer answer)
    {
        var own = KeepsWhatItWasSent(operation) ? FieldValue().Replace(answer.Body, "") : answer.Body;
        if (Leak().Match(own) is { Success: true } leak)
            return $"tells \"{leak.Value}\"";
        var type = answer.Header("Content-Type").Split(';')[0];
        if (type is "text/html" && (isElsewhere || operation.AnswersWithPagesTo(method)))
            return null;
        var members = Dialects.MembersOf(answer.Body);
        var dialects = isElsewhere ? Dialect.All : Dialect.Of(operation, method);
        return dialects.Any(dialect => dialect.ContentType == type && dialect.MembersAt(answer.Status) == members)
            ? null
            : $"another surface's words: {type} with {members}";
    }

    [GeneratedRegex("value=\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldValue();

    /// <summary>Finds exceptions, SQL, paths, versions and tokens.</summary>
    [GeneratedRegex(
        @"Exception|\bat [A-Z]\w+\.\w+|Microsoft\.|System\.|Npgsql|SQLite|Kestrel|\.cs\b|\b(SELECT|INSERT|UPDATE|DELETE) "
        + @"|constraint|syntax error|/(work|tmp|usr|root|home)/|\b\d+\.\d+\.\d+\b|eyJ[A-Za-z0-9_-]{8}|\b(rt|sk|appsk|reset)_[A-Za-z0-9_-]{20}|PRIVATE KEY",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leak();
}
