using AuthService.Api.Http;
using AuthService.Principals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The API keys of services (SPEC 8).</summary>
internal static class ApiKeyEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var keys = admin.MapGroup("/principals/{id}/api-keys").Explains("id", "The service's id, in any letter case");
        keys.MapPost("", Create).WithSummary("Gives a service an API key, which is shown this once");
        keys.MapGet("", List).WithSummary("Lists the API keys of a service, without the keys themselves");
        keys.MapDelete("/{keyId}", Revoke).WithSummary("Revokes an API key at once").Explains("keyId", "As the list names it, a UUID");
    }

    private static async Task<Results<Created<NewApiKeyResponse>, BadRequestError, NotFoundError>> Create(
        string id, JsonBody<NewApiKeyRequest> body, PrincipalStore principals, ApiKeyService keys, Caller caller)
    {
        if (await PrincipalEndpoints.FindAsync(id, principals) is not { } service)
            return AdminErrors.UnknownPrincipal;
        if (body.Value.Name is not { Length: > 0 } name || !UnicodeText.IsLine(name))
            return AdminErrors.BadKeyName;
        return await keys.TryCreateAsync(service, name, caller.Deed) is { Key: var key } issued
            ? TypedResults.Created(
                $"/admin/principals/{Uri.EscapeDataString(service.Id)}/api-keys/{key.Id}",
                new NewApiKeyResponse(key.Id, key.Name, key.Prefix, issued.Secret.Reveal(), key.CreatedAt))
            : AdminErrors.NoKeysHere;
    }

    private static async Task<Results<Ok<ApiKeyResponse[]>, NotFoundError>> List(string id, PrincipalStore principals, ApiKeyStore keys)
    {
        if (await PrincipalEndpoints.FindAsync(id, principals) is not { } service)
            return AdminErrors.UnknownPrincipal;
        var found = await keys.ListAsync(service);
        return TypedResults.Ok(found.Select(key => new ApiKeyResponse(key.Id, key.Name, key.Prefix, key.CreatedAt, key.LastUsedAt)).ToArray());
    }

    private static async Task<Results<NoContent, NotFoundError>> Revoke(string id, string keyId, PrincipalStore principals, ApiKeyService keys, Caller caller)
    {
        if (await PrincipalEndpoints.FindAsync(id, principals) is not { } service)
            return AdminErrors.UnknownPrincipal;
        return Guid.TryParseExact(keyId, "D", out var key) && await keys.TryRevokeAsync(service, key, caller.Deed)
            ? TypedResults.NoContent()
            : AdminErrors.UnknownApiKey;
    }
}
