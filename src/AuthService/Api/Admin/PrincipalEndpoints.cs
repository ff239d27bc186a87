using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.People;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes for people, services and providers (src/AuthService/README.md#administration-api).</summary>
internal static class PrincipalEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var principals = admin.MapGroup("/principals").Explains("id", "The principal's id, in any letter case");
        principals.MapPost("", Create).WithName("createPrincipal").WithExamples(AdminExamples.Create)
            .WithSummary("Creates a person, a service or a provider").RequireFreshSignIn();
        principals.MapGet("", List).WithName("listPrincipals").WithExamples(AdminExamples.List)
            .WithSummary("Searches principals by part of id, name or e-mail, by role and by state");
        principals.MapGet("/{id}", Get).WithName("getPrincipal").WithExamples(AdminExamples.Get).WithSummary("Shows a principal");
        principals.MapPatch("/{id}", Change).WithName("changePrincipal").WithExamples(AdminExamples.Change).WithReceipt()
            .WithSummary("Changes a principal; a changed role or state ends its sessions").RequireFreshSignIn();
        principals.MapDelete("/{id}", Delete).WithName("deletePrincipal").WithExamples(AdminExamples.Delete).WithReceipt()
            .WithSummary("Deletes a principal and ends its sessions; the id stays taken").RequireFreshSignIn();
        principals.MapPut("/{id}/password", SetPassword).WithName("setPassword").WithExamples(AdminExamples.SetPassword).WithReceipt()
            .WithSummary("Sets a person's password and ends their sessions").RequireFreshSignIn();
        principals.MapPost("/{id}/unlock", Unlock).WithName("unlockPrincipal").WithExamples(AdminExamples.Unlock)
            .WithSummary("Clears failed sign-ins and the lockout that they caused");
        principals.MapPost("/{id}/refresh-token", RenewRefreshToken).WithName("renewRefreshToken").WithExamples(AdminExamples.RenewRefreshToken).WithReceipt()
            .WithSummary("Issues a new refresh token for a service or provider; the old one is revoked, or works until the overlap ends")
            .RequireFreshSignIn();
    }

    private static async Task<Results<Created<PrincipalResponse>, BadRequestError, ConflictError, UnavailableError>> Create(
        BoundInput<NewPrincipal, NewPrincipalReader> wanted, PrincipalAdministration administration, Caller caller) =>
        await administration.CreateAsync(wanted.Value, caller.AuditActor, caller.HashingCaller) switch
        {
            CreateOutcome.Created(var principal, var refreshToken) => TypedResults.Created(
                $"/admin/principals/{Uri.EscapeDataString(principal.Id)}", PrincipalResponse.Of(principal, principal.CreatedAt, refreshToken?.Reveal())),
            CreateOutcome.Refused(var why) => new BadRequestError(why),
            CreateOutcome.Busy => UnavailableError.TooManyPasswords,
            _ => AdminErrors.IdInUse,
        };

    private static async Task<Results<Ok<PrincipalPageResponse>, BadRequestError>> List(
        BoundInput<PrincipalFilter, PrincipalFilterReader> filter, BoundInput<Paging, PagingReader> paging, PrincipalStore principals, TimeProvider clock)
    {
        var (itemsPerPage, number) = paging.Value;
        var page = await principals.ListAsync(filter.Value, itemsPerPage, number);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new PrincipalPageResponse(
            page.ItemsInTotal, itemsPerPage, number, [.. page.Items.Select(principal => PrincipalResponse.Of(principal, now))]));
    }

    private static async Task<Results<Ok<PrincipalResponse>, NotFoundError>> Get(string id, PrincipalStore principals, TimeProvider clock) =>
        await principals.FindByIdAsync(id) is { } principal
            ? TypedResults.Ok(PrincipalResponse.Of(principal, clock.GetUtcNow()))
            : AdminErrors.UnknownPrincipal;

    private static async Task<Results<Ok<PrincipalResponse>, BadRequestError, ForbiddenError, NotFoundError, ConflictError, UnavailableError>> Change(
        string id, BoundInput<PrincipalEdit, PrincipalUpdateReader> edit, PrincipalAdministration administration, TimeProvider clock, Caller caller) =>
        await administration.ChangeAsync(id, edit.Value.Change, edit.Value.Password, caller.AuditActor, caller.HashingCaller) switch
        {
            ChangeOutcome.Done(var changed, _) => TypedResults.Ok(PrincipalResponse.Of(changed, clock.GetUtcNow())),
            ChangeOutcome.Refused(var why) => new BadRequestError(why),
            ChangeOutcome.OwnPassword => AdminErrors.OwnPassword,
            ChangeOutcome.LastAdministrator => AdminErrors.LastAdministrator,
            ChangeOutcome.Busy => UnavailableError.TooManyPasswords,
            ChangeOutcome.Conflict => AdminErrors.ChangedMeanwhile,
            _ => AdminErrors.UnknownPrincipal,
        };

    private static async Task<Results<NoContent, NotFoundError, ConflictError>> Delete(string id, PrincipalAdministration administration, Caller caller) =>
        await administration.DeleteAsync(id, caller.AuditActor) switch
        {
            ChangeOutcome.Done => TypedResults.NoContent(),
            ChangeOutcome.LastAdministrator => AdminErrors.LastAdministrator,
            ChangeOutcome.Conflict => AdminErrors.ChangedMeanwhile,
            _ => AdminErrors.UnknownPrincipal,
        };

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, NotFoundError, ConflictError, UnavailableError>> SetPassword(
        string id, BoundInput<Password, NewPasswordReader> password, PrincipalAdministration administration, Caller caller) =>
        await administration.SetPasswordAsync(id, password.Value, caller.AuditActor, caller.HashingCaller) switch
        {
            ChangeOutcome.Done => TypedResults.NoContent(),
            ChangeOutcome.Refused(var why) => new BadRequestError(why),
            ChangeOutcome.OwnPassword => AdminErrors.OwnPassword,
            ChangeOutcome.Busy => UnavailableError.TooManyPasswords,
            ChangeOutcome.Conflict => AdminErrors.ChangedMeanwhile,
            _ => AdminErrors.UnknownPrincipal,
        };

    private static async Task<Results<NoContent, NotFoundError>> Unlock(string id, PrincipalStore principals, Lockout lockout, Caller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        await lockout.UnlockAsync(principal, caller.AuditActor);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<RefreshTokenResponse>, BadRequestError, NotFoundError, ConflictError>> RenewRefreshToken(
        string id, BoundInput<TimeSpan, OverlapReader> overlap, PrincipalAdministration administration, Caller caller) =>
        await administration.RenewRefreshTokenAsync(id, overlap.Value, caller.AuditActor) switch
        {
            ChangeOutcome.Done(_, { } token) => TypedResults.Ok(new RefreshTokenResponse(token.Reveal())),
            ChangeOutcome.Refused => AdminErrors.NoServiceRefreshToken,
            ChangeOutcome.Conflict => AdminErrors.ChangedMeanwhile,
            _ => AdminErrors.UnknownPrincipal,
        };
}
