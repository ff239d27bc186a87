using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Errors;

/// <summary>Documents in OpenAPI that an operation can be refused with this error, in addition to the errors in its examples.</summary>
internal sealed record MayRefuse(ApiError Error);

/// <summary>Lists the refusals that come from middleware, and not from a handler.</summary>
internal static class MiddlewareRefusals
{
    public static IEnumerable<ApiError> Of(IReadOnlyList<object> metadata)
    {
        if (metadata.OfType<IAuthorizeData>().Any())
        {
            yield return ApiError.FromStatus(StatusCodes.Status401Unauthorized);
            yield return ApiError.FromStatus(StatusCodes.Status403Forbidden);
        }

        if (metadata.OfType<FreshSignInRequirement>().Any())
            yield return FreshSignIn.TooOld(TimeSpan.FromMinutes(10));

        var needed = metadata.OfType<IAcceptsMetadata>().FirstOrDefault();
        var possible = metadata.OfType<MayReadBody>().FirstOrDefault();
        if (possible is not null || (needed is not null && needed.RequestType != typeof(string)))
            yield return JsonBody.Unexpected("$", line: 1);
        if (possible is not null || needed is not null)
            yield return ApiError.FromStatus(StatusCodes.Status413PayloadTooLarge);
        if (possible is { RefusesOtherTypes: true } || needed is not null)
            yield return ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType);

        yield return ApiError.FromStatus(StatusCodes.Status429TooManyRequests);
        yield return ApiError.FromStatus(StatusCodes.Status503ServiceUnavailable);
    }
}
