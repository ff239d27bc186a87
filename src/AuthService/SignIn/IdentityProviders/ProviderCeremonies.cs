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
    public Task<(ProviderState State, string Address)> BeginSignInAsync(IdentityProvider provider, ProviderErrand errand) =>
        BeginAsync(provider, ChallengeKind.ProviderSignIn, errand, owned: null);

    /// <summary>As a sign-in, but for a person who has signed in: what comes back is theirs in this session alone.</summary>
    /// <inheritdoc cref="BeginSignInAsync"/>
    public Task<(ProviderState State, string Address)> BeginLinkAsync(IdentityProvider provider, SessionWithPrincipals owned) =>
        BeginAsync(provider, ChallengeKind.ProviderLink, errand: null, owned);

    /// <returns>Null when there was no such request, it was answered before, or it is too old.</returns>
    public async Task<AnsweredRequest?> TryTakeAsync(ProviderState state, ChallengeKind kind = ChallengeKind.ProviderSignIn)
    {
        if (await challenges.TryTakeAsync(state.Hash(), kind, clock.GetUtcNow()) is not { } challenge || Open(state, challenge) is not { } json)
            return null;
        var kept = JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Default)!;
        return new AnsweredRequest(challenge, kept.Provider, kept.Request, kept.OnPages);
    }

    /// <summary>For a site, or for a session that goes on with the pages of this service.</summary>
    private async Task<(ProviderState State, string Address)> BeginAsync(
        IdentityProvider provider, ChallengeKind kind, ProviderErrand? errand, SessionWithPrincipals? owned)
    {
        var state = ProviderState.New();
        var (address, request) = await protocol.BeginAsync(provider, state.ToAddressText());
        var (text, sealedText) = Seal(state, new Kept(provider.Title, request, errand?.OnPages ?? true));
        await challenges.AddAsync(new SignInChallenge
        {
            IdHash = state.Hash(),
            Kind = kind,
            PrincipalNumber = owned?.Principal.Number,
            SecurityStamp = owned?.Principal.SecurityStamp ?? 0,
            SessionId = owned?.Session.Id,
            Service = errand?.Site.Name,
            PublicComputer = errand?.Site.PublicComputer ?? false,
            State = text,
            KeyId = sealedText?.KeyId,
            SealedSecret = sealedText?.Bytes,
            ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
        });
        return (state, address);
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
