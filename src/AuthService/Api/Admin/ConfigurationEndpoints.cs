using AuthService.Api.Http.OpenApi;
using AuthService.SignIn;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Admin;

/// <summary>The routes that show the current settings, without any secret.</summary>
internal static class ConfigurationEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/login-services", LoginServices).WithName("listLoginServices").WithExamples(OversightExamples.LoginServices)
            .WithSummary("Lists the configured login services");
        admin.MapGet("/signing-keys", SigningKeys).WithName("listSigningKeys").WithExamples(OversightExamples.SigningKeys)
            .WithSummary("Lists the signing keys with their states, dates and ages, the oldest first");
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
