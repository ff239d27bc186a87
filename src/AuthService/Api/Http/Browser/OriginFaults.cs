using AuthService.Api.Http.Errors;
using AuthService.Refusals;

namespace AuthService.Api.Http.Browser;

/// <summary>The two rules for the origin of a request. A sign-in may come without an origin; a use of the refresh cookie may not.</summary>
internal static class OriginFaults
{
    public static ApiError NoOrigin => ApiError.BadRequest("A valid Origin or Referer header is needed");

    public static ApiError UntrustedOrigin => new(StatusCodes.Status403Forbidden, ErrorCodes.UntrustedOrigin, "This origin is not trusted");

    /// <summary>
    /// Finds a sign-in from a page of an untrusted origin. This keeps another site from signing its visitor in as somebody else (login CSRF). Programs send no
    /// origin.
    /// </summary>
    public static ApiError? FindOfSignIn(HttpContext context)
    {
        var verdict = Judge(context);
        var refused = verdict is OriginVerdict.Untrusted or OriginVerdict.Malformed
            || (verdict is OriginVerdict.Missing && TrustedOrigins.IsCrossSite(context.Request));
        return refused ? UntrustedOriginOf(context.Request) : null;
    }

    /// <summary>
    /// Finds a use of the refresh cookie that no page of a trusted origin made. Browsers name the origin of every POST, so one without it is refused.
    /// </summary>
    public static ApiError? FindOfCookie(HttpContext context)
    {
        var verdict = Judge(context);
        if (verdict is OriginVerdict.Missing or OriginVerdict.Malformed)
            return NoOrigin;
        return verdict is OriginVerdict.Untrusted || TrustedOrigins.IsCrossSite(context.Request)
            ? UntrustedOriginOf(context.Request)
            : null;
    }

    private static OriginVerdict Judge(HttpContext context) => context.RequestServices.GetRequiredService<TrustedOrigins>().Judge(context.Request);

    /// <summary>Creates the refusal together with the origin of the request, so that an administrator can find a missing setting.</summary>
    private static ApiError UntrustedOriginOf(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return UntrustedOrigin with
        {
            Note = new RefusalNote(RefusalReason.UntrustedOrigin)
            {
                Facts =
                [
                    RefusalFact.Of("origin", WebOrigin.Parse(origin) is null ? "none that a browser would send" : origin),
                    RefusalFact.Of("crossSite", TrustedOrigins.IsCrossSite(request)),
                ],
            },
        };
    }
}
