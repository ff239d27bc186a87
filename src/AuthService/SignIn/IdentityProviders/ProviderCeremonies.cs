using System.Text;
using System.Text.Json;
using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>What somebody is sent to a provider for.</summary>
/// <param name="Site">Where they sign in.</param>
/// <param name="OnPages">Whether the pages of this service go on with it, and not those of the login service.</param>
internal sealed record ProviderErrand(SignInSite Site, bool OnPages);

/// <summary>A request to a provider whose answer has come.</summary>
/// <param name="Challenge">What was kept of the request.</param>
/// <param name="Provider">Title of the provider that was asked.</param>
/// <param name="Request">For the protocol.</param>
/// <param name="OnPages">As in <see cref="ProviderErrand"/>.</param>
internal sealed record AnsweredRequest(SignInChallenge Challenge, string Provider, ProviderRequest Request, bool OnPages);

/// <summary>
/// Keeps what is asked of providers in sign-in challenges, each taken out by the one answer to it, on any instance. It is sealed where there is an
/// encryption key.
/// </summary>
internal sealed class ProviderCeremonies(ProviderProtocol protocol, SignInChallengeStore challenges, SecretBox box, TimeProvider clock)
{
    /// <returns>The address of the provider, and the state with which it sends the browser back.</returns>
    /// <exception cref="ProviderException">The provider cannot be reached, or its metadata does not hold.</exception>
    public async Task<(ProviderState State, string Address)> BeginSignInAsync(IdentityProvider provider, ProviderErrand errand)
    {
        var state = ProviderState.New();
        var (address, request) = await protocol.BeginAsync(provider, state.ToAddressText());
        var (text, sealedText) = Seal(state, new Kept(provider.Title, request, errand.OnPages));
        await challenges.AddAsync(new SignInChallenge
        {
            IdHash = state.Hash(),
            Kind = ChallengeKind.ProviderSignIn,
            Service = errand.Site.Name,
            PublicComputer = errand.Site.PublicComputer,
            State = text,
            KeyId = sealedText?.KeyId,
            SealedSecret = sealedText?.Bytes,
            ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
        });
        return (state, address);
    }

    /// <summary>As a sign-in, but for a person who has signed in: what comes back is theirs in this session alone.</summary>
    /// <inheritdoc cref="BeginSignInAsync"/>
    public async Task<(ProviderState State, string Address)> BeginLinkAsync(IdentityProvider provider, SessionWithPrincipals owned)
    {
        var state = ProviderState.New();
        var (address, request) = await protocol.BeginAsync(provider, state.ToAddressText());
        var (text, sealedText) = Seal(state, new Kept(provider.Title, request, OnPages: true));
        await challenges.AddAsync(new SignInChallenge
        {
            IdHash = state.Hash(),
            Kind = ChallengeKind.ProviderLink,
            PrincipalNumber = owned.Principal.Number,
            SecurityStamp = owned.Principal.SecurityStamp,
            SessionId = owned.Session.Id,
            State = text,
            KeyId = sealedText?.KeyId,
            SealedSecret = sealedText?.Bytes,
            ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
        });
        return (state, address);
    }

    /// <returns>Null when there was no such request, it was answered before, or it is too old.</returns>
    public async Task<AnsweredRequest?> TryTakeAsync(ProviderState state, ChallengeKind kind = ChallengeKind.ProviderSignIn)
    {
        if (await challenges.TryTakeAsync(state.Hash(), kind, clock.GetUtcNow()) is not { } challenge || Open(state, challenge) is not { } json)
            return null;
        var kept = JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Default)!;
        return new AnsweredRequest(challenge, kept.Provider, kept.Request, kept.OnPages);
    }

    private static byte[] PlaceOf(ProviderState state) => Encoding.UTF8.GetBytes($"provider/{Convert.ToHexString(state.Hash())}");

    private (string? Text, SealedValue? Sealed) Seal(ProviderState state, Kept kept)
    {
        var json = JsonSerializer.Serialize(kept, JsonSerializerOptions.Default);
        return box.HasKey ? (null, box.Seal(Encoding.UTF8.GetBytes(json), PlaceOf(state))) : (json, null);
    }

    /// <returns>Null when its key is no longer configured.</returns>
    private string? Open(ProviderState state, SignInChallenge challenge)
    {
        if (challenge is not { KeyId: { } keyId, SealedSecret: { } bytes })
            return challenge.State;
        return box.Holds(keyId) ? Encoding.UTF8.GetString(box.Open(new SealedValue(keyId, bytes), PlaceOf(state))) : null;
    }

    private sealed record Kept(string Provider, ProviderRequest Request, bool OnPages);
}
