using AuthService.Api.Http;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Revocations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Revocations;

/// <summary>The feed of revocations for services that verify access tokens themselves (src/AuthService/README.md#revocations).</summary>
internal static class RevocationEndpoints
{
    public const string Prefix = "/revocations";

    public static void Map(RouteGroupBuilder revocations) =>
        revocations.MapGet("", Read).WithName("readRevocations").WithExamples(RevocationExamples.Read).Produces<RevocationsResponse>()
            .WithMetadata(WaitsWithAnswers.Metadata)
            .WithSummary("Lists access tokens that were revoked since the last response and have not expired; waits until there are any");

    private static async Task<Results<FileContentHttpResult, BadRequestError, UnavailableError>> Read(
        BoundInput<RevocationQuery, RevocationQueryReader> query, RevocationFeed feed, HttpContext context)
    {
        await context.GiveBackServicesAsync();
        context.Response.Headers.CacheControl = "no-store";
        return await feed.ReadAsync(query.Value.After, query.Value.Wait, context.RequestAborted) is { } body
            ? TypedResults.Bytes(body, "application/json")
            : NotUpToDate;
    }

    private static UnavailableError NotUpToDate => new("What was revoked last cannot be read at the moment", retryAfter: TimeSpan.FromSeconds(1));
}
