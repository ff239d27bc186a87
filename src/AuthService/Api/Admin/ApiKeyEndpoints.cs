using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Principals.ApiKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes for the API keys of services (src/AuthService/README.md#administration-api).</summary>
internal static class ApiKeyEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/principals/{id}/api-keys").Explains("id", "The service's id, in any letter case");
        keys.MapPost("", Create).WithName("createApiKey").WithExamples(AdminExamples.CreateApiKey)
            .WithSummary("Creates an API key for a service; it is shown only now").RequireFreshSignIn();
        keys.MapGet("", List).WithName("listApiKeys").WithExamples(AdminExamples.ListApiKeys)
            .WithSummary("Lists the API keys of a service, without the keys themselves");
        keys.MapDelete("/{keyId}", Revoke).WithName("revokeApiKey").WithExamples(AdminExamples.RevokeApiKey).WithReceipt()
            .WithSummary("Revokes an API key at once").RequireFreshSignIn().Explains("keyId", "As the list names it, a UUID");
    }

    private static async Task<Results<Created<NewApiKeyResponse>, BadRequestError, NotFoundError>> Create(
        string id, BoundInput<WantedApiKey, NewApiKeyReader> wanted, PrincipalStore principals, ApiKeyService keys, Caller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } service)
            return AdminErrors.UnknownPrincipal;
        return await keys.CreateAsync(service, wanted.Value, caller.AuditActor) switch
        {
            NewApiKeyOutcome.Created(var key, var secret) => TypedResults.Created(
                $"/admin/principals/{Uri.EscapeDataString(service.Id)}/api-keys/{key.Id}",
                new NewApiKeyResponse(key.Id, key.Name, key.Prefix, secret.Reveal(), key.CreatedAt, key.ExpireAt)),
            NewApiKeyOutcome.Expired => AdminErrors.KeyExpired,
            _ => AdminErrors.NoKeysHere,
        };
    }

    private static async Task<Results<Ok<ApiKeyResponse[]>, NotFoundError>> List(string id, PrincipalStore principals, ApiKeyStore keys)
    {
        if (await principals.FindByIdAsync(id) is not { } service)
            return AdminErrors.UnknownPrincipal;
        var found = await keys.ListAsync(service);
        return TypedResults.Ok(found.Select(ApiKeyResponse.Of).ToArray());
    }

    private static async Task<Results<NoContent, NotFoundError>> Revoke(string id, string keyId, PrincipalStore principals, ApiKeyService keys, Caller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } service)
            return AdminErrors.UnknownPrincipal;
        return await keys.TryRevokeAsync(service, Ids.Read(keyId), caller.AuditActor)
            ? TypedResults.NoContent()
            : AdminErrors.UnknownApiKey;
    }
}
