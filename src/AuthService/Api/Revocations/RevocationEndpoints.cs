using System.Diagnostics;
using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Revocations;
using AuthService.Tokens;
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
        BoundInput<RevocationQuery, RevocationQueryReader> query, RevocationFeed feed, Caller caller, HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await context.GiveBackServicesAsync();
        context.Response.Headers.CacheControl = "no-store";
        var body = await feed.ReadAsync(query.Value.After, query.Value.Wait, context.RequestAborted);
        if (MayBeRevoked(caller, feed, context, began))
            await context.CheckCallerAgainAsync(began);
        return body is null ? NotUpToDate : TypedResults.Bytes(body, "application/json");
    }

    /// <summary>Finds out in memory whether a service may have been revoked while it waited. An administrator, who has a session, always may.</summary>
    private static bool MayBeRevoked(Caller caller, RevocationFeed feed, HttpContext context, long began) =>
        caller.SessionId is not null
        || feed.MayConcern(
            caller.Principal.Id,
            caller.ApiKeyId ?? caller.AccessToken.Token.ApiKeyId,
            caller.HasAccessToken && BearerToken.Find(context.Request) is { } token ? () => TokenFingerprint.Of(token) : null,
            began);

    private static UnavailableError NotUpToDate => new("What was revoked last cannot be read at the moment", retryAfter: TimeSpan.FromSeconds(1));
}
