using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http.Errors;

/// <summary>Says in the OpenAPI document that an operation may be refused like this, beside what its examples name.</summary>
internal sealed record MayRefuse(ApiError Error);

/// <summary>The refusals that no handler names, because what stands before it gives them.</summary>
internal static class MiddlewareRefusals
{
    public static IEnumerable<ApiError> Of(IReadOnlyList<object> metadata)
    {
        if (metadata.OfType<IAuthorizeData>().Any())
        {
            yield return ApiError.FromStatus(StatusCodes.Status401Unauthorized);
            yield return ApiError.FromStatus(StatusCodes.Status403Forbidden);
        }

        if (metadata.OfType<AsksForFreshSignIn>().Any())
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
