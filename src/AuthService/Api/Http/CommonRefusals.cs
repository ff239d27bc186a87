using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Http;

/// <summary>Says in the OpenAPI document that an operation may be refused like this, beside what its examples name.</summary>
internal sealed record MayRefuse(ApiError Error);

/// <summary>The refusals that no handler names, because what stands before it gives them.</summary>
internal static class CommonRefusals
{
    public static IEnumerable<ApiError> Of(IReadOnlyList<object> metadata)
    {
        var policies = metadata.OfType<IAuthorizeData>().ToList();
        if (policies.Count > 0)
            yield return ApiError.FromStatus(StatusCodes.Status401Unauthorized);
        if (policies.Exists(data => data.Policy is not Policies.AnyToken))
            yield return ApiError.FromStatus(StatusCodes.Status403Forbidden);

        var needsBody = metadata.OfType<IAcceptsMetadata>().Any() || metadata.OfType<MayReadBody>().Any(body => body.UnlessInQuery);
        if (metadata.OfType<IAcceptsMetadata>().Any(body => body.RequestType != typeof(string)) || metadata.OfType<MayReadBody>().Any())
            yield return JsonBody.Unexpected("$", line: 1);
        if (needsBody || metadata.OfType<MayReadBody>().Any())
            yield return ApiError.FromStatus(StatusCodes.Status413PayloadTooLarge);
        if (needsBody)
            yield return ApiError.FromStatus(StatusCodes.Status415UnsupportedMediaType);

        yield return ApiError.FromStatus(StatusCodes.Status429TooManyRequests);
        yield return ApiError.FromStatus(StatusCodes.Status503ServiceUnavailable);
    }
}
