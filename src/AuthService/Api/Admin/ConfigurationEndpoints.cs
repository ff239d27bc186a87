using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Admin;

/// <summary>What the settings say at this moment, for reading; never a secret.</summary>
internal static class ConfigurationEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/login-services", LoginServices).WithName("listLoginServices").WithExamples(OversightExamples.LoginServices)
            .WithSummary("The login services as configured");
        admin.MapGet("/signing-keys", SigningKeys).WithName("listSigningKeys").WithExamples(OversightExamples.SigningKeys)
            .WithSummary("The signing keys with their states, dates and ages, the oldest first");
    }

    private static Ok<IReadOnlyList<LoginServiceResponse>> LoginServices(IOptionsMonitor<LoginServiceOptions> options) =>
        TypedResults.Ok<IReadOnlyList<LoginServiceResponse>>(
        [
            .. options.CurrentValue.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new LoginServiceResponse(
                entry.Key,
                entry.Value.Endpoint,
                entry.Value.Mode.ToString(),
                (long?)entry.Value.IdleTimeout?.TotalSeconds,
                (long?)entry.Value.Lifetime?.TotalSeconds)),
        ]);

    private static Ok<IReadOnlyList<SigningKeyResponse>> SigningKeys(SigningKeyRing ring, TimeProvider clock)
    {
        var (keys, now) = (ring.Current, clock.GetUtcNow());
        return TypedResults.Ok<IReadOnlyList<SigningKeyResponse>>([.. keys.All.OrderBy(key => key.ActiveFrom).Select(key => ToResponse(key, keys, now))]);
    }

    private static SigningKeyResponse ToResponse(SigningKey key, SigningKeySet keys, DateTimeOffset now)
    {
        var state = keys.StateOf(key, now);
        DateTimeOffset? activeFrom = key.ActiveFrom == DateTimeOffset.MinValue ? null : key.ActiveFrom;
        return new SigningKeyResponse(
            key.KeyId,
            key.Algorithm,
            ToWire(state),
            Signs: key == keys.FindActive(now),
            Published: state is not SigningKeyState.Dead,
            activeFrom,
            key.RetireAfter == DateTimeOffset.MaxValue ? null : key.RetireAfter,
            now < activeFrom ? null : (long?)(now - activeFrom)?.TotalSeconds);
    }

    private static string ToWire(SigningKeyState state) => state switch
    {
        SigningKeyState.Coming => "coming",
        SigningKeyState.Active => "active",
        _ => "retired",
    };
}

/// <summary>A site that people sign in for, as configured.</summary>
/// <param name="Name">What <c>/auth/login</c> takes as <c>service</c>.</param>
/// <param name="Endpoint">The page that people return to.</param>
/// <param name="Mode">Web or Application.</param>
/// <param name="IdleTimeoutSeconds">How long its sessions live unused; null: as <c>Sessions:IdleTimeout</c> says.</param>
/// <param name="LifetimeSeconds">How long they live at most; null: as <c>Sessions:Lifetime</c> says.</param>
internal sealed record LoginServiceResponse(string Name, string Endpoint, string Mode, long? IdleTimeoutSeconds, long? LifetimeSeconds);

/// <summary>A signing key, without any part of the key itself.</summary>
/// <param name="Id">The <c>kid</c> of the tokens that it signs.</param>
/// <param name="Algorithm">ES256, ES384, RS256, PS256 or HS512.</param>
/// <param name="State">coming, active or retired.</param>
/// <param name="Signs">Whether it signs new tokens now; of several active keys the newest does.</param>
/// <param name="Published">Whether tokens signed with it are still accepted, and its public part, if it has one, is in the key set.</param>
/// <param name="ActiveFrom">From when it may sign; null: from the beginning.</param>
/// <param name="RetireAfter">Until when it may sign; null: for ever.</param>
/// <param name="AgeSeconds">How long ago it became active; null when it has not, or nobody said when.</param>
internal sealed record SigningKeyResponse(
    string Id, string Algorithm, string State, bool Signs, bool Published, DateTimeOffset? ActiveFrom, DateTimeOffset? RetireAfter, long? AgeSeconds);
