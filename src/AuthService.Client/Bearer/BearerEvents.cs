using System.Security.Claims;
using System.Text.Json;
using AuthService.Client.Calls;
using AuthService.Client.Revocations;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Client.Bearer;

/// <summary>What follows when a token's signature, type, issuer and lifetime are right, and how it is answered when that cannot be told.</summary>
internal sealed class BearerEvents(RevocationCheck revocations, ILogger<BearerEvents> log) : JwtBearerEvents
{
    private const string AllWrite = "all:write";
    private const string RetryAfterSeconds = "2";

    public override async Task TokenValidated(TokenValidatedContext context)
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

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is UncheckedTokenException)
        {
            context.HandleResponse();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return Task.CompletedTask;
    }

    private static void Refuse(TokenValidatedContext context, RevocationVerdict verdict)
    {
        if (verdict is RevocationVerdict.Revoked)
            context.Fail("The token has been revoked");
        else
            context.Fail(new UncheckedTokenException("What is known of revocations is too old"));
    }

    /// <summary>The last step: a token that is refused for another reason is not used up.</summary>
    private async Task ClaimAsync(string jti, TokenValidatedContext context)
    {
        if (context.HttpContext.RequestServices.GetService<AuthServiceClient>() is not { } client)
        {
            log.OneTimeTokensNotTaken();
            context.Fail("One-time tokens are not taken here");
            return;
        }

        try
        {
            var http = context.HttpContext;
            if (!await http.AskOnceAsync(typeof(BearerEvents), jti, () => client.ClaimAsync(jti, http.RequestAborted)))
                context.Fail("The one-time token has been used before");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            log.NotClaimed(error);
            context.Fail(new UncheckedTokenException("The one-time token could not be claimed", error));
        }
    }

    /// <summary><c>act</c> is an object with the actor's <c>sub</c> in it (RFC 8693, section 4.1).</summary>
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
