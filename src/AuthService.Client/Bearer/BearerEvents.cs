using System.Security.Claims;
using System.Text.Json;
using AuthService.Client.Calls;
using AuthService.Client.Revocations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Client.Bearer;

/// <summary>
/// Checks a token whose signature, type, issuer and lifetime are right for revocation, claims it if it is a one-time token, and answers 503 when that is not
/// possible at this moment. It calls the service's own <see cref="JwtBearerOptions.Events"/> as well.
/// </summary>
internal sealed class BearerEvents(RevocationCheck revocations, ILogger<BearerEvents> log) : JwtBearerEvents
{
    private const string AllWrite = "all:write";

    public override Task MessageReceived(MessageReceivedContext context) => context.Options.Events.MessageReceived(context);

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        await CheckAsync(context);
        if (context.Result is null)
            await context.Options.Events.TokenValidated(context);
    }

    public override Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        if (context.Exception is UncheckedTokenException)
            UncheckedToken.Mark(context.HttpContext);
        return context.Options.Events.AuthenticationFailed(context);
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is not UncheckedTokenException)
            return context.Options.Events.Challenge(context);
        context.HandleResponse();
        UncheckedToken.Answer(context.Response);
        return Task.CompletedTask;
    }

    public override Task Forbidden(ForbiddenContext context) => context.Options.Events.Forbidden(context);

    private async Task CheckAsync(TokenValidatedContext context)
    {
        if (context is not { Principal.Identity: ClaimsIdentity identity, SecurityToken: JsonWebToken { Subject.Length: > 0 } token })
        {
            context.Fail("The token has no subject");
            return;
        }

        if (token.Typ != BearerSetup.TokenType && !identity.HasClaim(claim => claim.Type is AuthServiceBearer.OneTimeClaim))
        {
            context.Fail("The one-time token has no jti");
            return;
        }

        if (await revocations.CheckAsync(token, context.HttpContext) is var verdict and not RevocationVerdict.NotRevoked)
        {
            Refuse(context, verdict);
            return;
        }

        NameActor(identity, token);
        if (identity.HasClaim(claim => claim.Type is AuthServiceBearer.ExtendedByClaim or AuthServiceBearer.ExtendedByChainClaim)
            || !context.Principal.HasScope(AllWrite))
            RemoveAll(identity, AuthServiceBearer.RoleClaim);
        if (identity.FindFirst(AuthServiceBearer.OneTimeClaim) is { } jti)
            await ClaimAsync(jti.Value, context);
    }

    private static void Refuse(TokenValidatedContext context, RevocationVerdict verdict)
    {
        if (verdict is RevocationVerdict.Revoked)
            context.Fail("The token has been revoked");
        else
            FailUnchecked(context, new UncheckedTokenException("What is known of revocations is too old"));
    }

    private static void FailUnchecked(ResultContext<JwtBearerOptions> context, UncheckedTokenException reason)
    {
        UncheckedToken.Mark(context.HttpContext);
        context.Fail(reason);
    }

    /// <summary>Claims the token as the last step, so that a token that is refused for another reason is not used up.</summary>
    private async Task ClaimAsync(string jti, TokenValidatedContext context)
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetService<AuthServiceClient>() is not { } client)
        {
            log.OneTimeTokensNotTaken();
            context.Fail("One-time tokens are not taken here");
            return;
        }

        try
        {
            if (!await http.AskOnceAsync(typeof(BearerEvents), jti, () => client.ClaimAsync(jti, http.RequestAborted)))
                context.Fail("The one-time token has been used before");
        }
        catch (Exception error) when (!http.RequestAborted.IsCancellationRequested) // of any type: a handler of the service's own may throw what it likes
        {
            log.NotClaimed(error);
            FailUnchecked(context, new UncheckedTokenException("The one-time token could not be claimed", error));
        }
    }

    /// <summary>Replaces the claim <c>act</c>, an object (RFC 8693, section 4.1), with the actor's id.</summary>
    private static void NameActor(ClaimsIdentity identity, JsonWebToken token)
    {
        RemoveAll(identity, AuthServiceBearer.ActorClaim);
        if (token.TryGetPayloadValue<JsonElement>(AuthServiceBearer.ActorClaim, out var actor)
            && actor.TryGetProperty(AuthServiceBearer.SubjectClaim, out var subject))
            identity.AddClaim(new Claim(AuthServiceBearer.ActorClaim, subject.ToString()));
    }

    private static void RemoveAll(ClaimsIdentity identity, string type)
    {
        foreach (var claim in identity.FindAll(type).ToArray())
            identity.RemoveClaim(claim);
    }
}
