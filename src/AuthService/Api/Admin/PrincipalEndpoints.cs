using AuthService.Api.Http;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>People, services and providers (SPEC 8).</summary>
internal static class PrincipalEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var principals = admin.MapGroup("/principals").Explains("id", "The principal's id, in any letter case");
        principals.MapPost("", Create).WithSummary("Makes a person, a service or a provider");
        principals.MapGet("", List).WithSummary("Searches principals by part of id, name or e-mail, by role and by state")
            .Explains("query", "Part of id, name or e-mail, in any letter case")
            .Explains("role", "USER, ADMIN, SERVICE or PROVIDER")
            .Explains("state", "ENABLED, DISABLED or DELETED; without it all but the deleted ones");
        principals.MapGet("/{id}", Get).WithSummary("Shows a principal");
        principals.MapPatch("/{id}", Change).WithSummary("Changes a principal; a changed role or state ends its sessions");
        principals.MapDelete("/{id}", Delete).WithSummary("Deletes a principal and ends its sessions; the id stays taken");
        principals.MapPut("/{id}/password", SetPassword).WithSummary("Sets a person's password and ends their sessions");
        principals.MapPost("/{id}/unlock", Unlock).WithSummary("Forgets failed sign-ins and the lock that came of them");
        principals.MapPost("/{id}/refresh-token", RenewRefreshToken).WithSummary("Gives a service or provider a new refresh token; the old one is dead");
    }

    private static async Task<Results<Created<PrincipalResponse>, BadRequestError, ConflictError>> Create(
        JsonBody<NewPrincipalRequest> body, PrincipalService principals, Caller caller)
    {
        if (!PrincipalReading.TryRead(body.Value, out var wanted, out var fault))
            return new BadRequestError(fault);
        return await principals.CreateAsync(wanted, caller.Deed) switch
        {
            CreateOutcome.Created(var principal, var refreshToken) => TypedResults.Created(
                $"/admin/principals/{Uri.EscapeDataString(principal.Id)}",
                PrincipalReading.Describe(principal, principal.CreatedAt, refreshToken?.Reveal())),
            CreateOutcome.Refused(var why) => new BadRequestError(why),
            _ => AdminErrors.IdInUse,
        };
    }

    private static async Task<Results<Ok<PrincipalPageResponse>, BadRequestError>> List(
        string? query, string? role, string? state, Paging paging, PrincipalStore principals, TimeProvider clock)
    {
        if (!TryReadFilter(query, role, state, out var filter))
            return AdminErrors.BadFilter;
        var page = await principals.ListAsync(filter, paging.ItemsPerPage, paging.Page);
        var now = clock.GetUtcNow();
        var items = page.Items.Select(principal => PrincipalReading.Describe(principal, now));
        return TypedResults.Ok(new PrincipalPageResponse(page.ItemsInTotal, paging.ItemsPerPage, paging.Page, [.. items]));
    }

    private static async Task<Results<Ok<PrincipalResponse>, NotFoundError>> Get(string id, PrincipalStore principals, TimeProvider clock) =>
        await FindAsync(id, principals) is { } principal ? TypedResults.Ok(PrincipalReading.Describe(principal, clock.GetUtcNow())) : AdminErrors.UnknownPrincipal;

    private static async Task<Results<Ok<PrincipalResponse>, BadRequestError, NotFoundError, ConflictError>> Change(
        string id, JsonBody<PrincipalPatch> body, PrincipalStore principals, CredentialService credentials, TimeProvider clock, Caller caller)
    {
        if (await FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        if (!PrincipalReading.TryRead(body.Value, out var change, out var fault))
            return new BadRequestError(fault);
        return await credentials.ChangeAsync(principal, change, Password.TryParse(body.Value.Password, out var password) ? password : null, caller.Deed) switch
        {
            ChangeOutcome.Refused(var why) => new BadRequestError(why),
            ChangeOutcome.Conflict => AdminErrors.ChangedMeanwhile,
            _ => await FindAsync(id, principals) is { } changed
                ? TypedResults.Ok(PrincipalReading.Describe(changed, clock.GetUtcNow()))
                : AdminErrors.UnknownPrincipal,
        };
    }

    private static async Task<Results<NoContent, NotFoundError, ConflictError>> Delete(
        string id, PrincipalStore principals, PrincipalChangeService changes, Caller caller)
    {
        if (await FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        return await changes.TryDeleteAsync(principal, caller.Deed) ? TypedResults.NoContent() : AdminErrors.ChangedMeanwhile;
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError, ConflictError>> SetPassword(
        string id, JsonBody<PasswordRequest> body, PrincipalStore principals, CredentialService credentials, Caller caller)
    {
        if (await FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        if (!Password.TryParse(body.Value.Password, out var password))
            return new BadRequestError(PrincipalReading.PasswordFault);
        return await credentials.SetAsync(principal, password, caller.Deed) switch
        {
            ChangeOutcome.Done => TypedResults.NoContent(),
            ChangeOutcome.Refused(var why) => new BadRequestError(why),
            _ => AdminErrors.ChangedMeanwhile,
        };
    }

    private static async Task<Results<NoContent, NotFoundError>> Unlock(string id, PrincipalStore principals, Lockout lockout, Caller caller)
    {
        if (!PrincipalName.TryParse(id, out var name) || await FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        await lockout.UnlockAsync(name, principal.Id, caller.Deed);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<RefreshTokenResponse>, BadRequestError, NotFoundError, ConflictError>> RenewRefreshToken(
        string id, PrincipalStore principals, PrincipalChangeService changes, Caller caller)
    {
        if (await FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        if (principal is { Type: PrincipalType.Person } or { State: not PrincipalState.Enabled })
            return AdminErrors.NoStandingToken;
        return await changes.TryRenewRefreshTokenAsync(principal, caller.Deed) is { } token
            ? TypedResults.Ok(new RefreshTokenResponse(token.Reveal()))
            : AdminErrors.ChangedMeanwhile;
    }

    /// <summary>By the id in any letter case; a deleted principal is shown in lists on request, and nowhere else.</summary>
    internal static async Task<Principal?> FindAsync(string id, PrincipalStore principals) =>
        PrincipalName.TryParse(id, out var name) && await principals.FindByNameAsync(name) is { State: not PrincipalState.Deleted } principal
            ? principal
            : null;

    private static bool TryReadFilter(string? query, string? role, string? state, out PrincipalFilter filter)
    {
        Role? wantedRole = WireNames.TryParse(role, out Role parsedRole) ? parsedRole : null;
        PrincipalState? wantedState = WireNames.TryParse(state, out PrincipalState parsedState) ? parsedState : null;
        var readable = query is null || UnicodeText.IsLine(query);
        filter = new PrincipalFilter(readable && query is not null ? PrincipalName.Fold(query) : null, wantedRole, wantedState);
        return readable && (role is null || wantedRole is not null) && (state is null || wantedState is not null);
    }
}
