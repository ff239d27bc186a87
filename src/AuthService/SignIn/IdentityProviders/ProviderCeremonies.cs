using System.Text;
using System.Text.Json;
using AuthService.Sessions;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>The purpose for which somebody is sent to a provider.</summary>
/// <param name="Site">The site that they sign in to.</param>
/// <param name="OnPages">Whether the sign-in continues on the pages of this service instead of those of the login service.</param>
internal sealed record ProviderErrand(SignInSite Site, bool OnPages);

/// <summary>A request to a provider that has been answered.</summary>
/// <param name="Challenge">The stored challenge of the request.</param>
/// <param name="Provider">The title of the provider that received the request.</param>
/// <param name="Request">The values that the protocol needs to verify the answer.</param>
/// <param name="OnPages">See <see cref="ProviderErrand"/>.</param>
internal sealed record AnsweredRequest(SignInChallenge Challenge, string Provider, ProviderRequest Request, bool OnPages);

/// <summary>
/// Stores requests to providers as sign-in challenges. The one answer to a request takes its challenge, on any instance.
/// The stored request is encrypted if an encryption key is configured.
/// </summary>
internal sealed class ProviderCeremonies(
    ProviderProtocol protocol, SignInChallengeStore challenges, ProviderReports reports, SecretBox box, TimeProvider clock)
{
    /// <returns>
    /// The address at the provider to send the browser to, and the state that comes back with the answer; null when the provider cannot be reached, or its
    /// metadata is not valid.
    /// </returns>
    public Task<(ProviderState State, string Address)?> TryBeginSignInAsync(IdentityProvider provider, ProviderErrand errand) =>
        TryBeginAsync(provider, ChallengeKind.ProviderSignIn, errand, owned: null);

    /// <summary>Begins a request for a person who has signed in. The identity in the answer becomes theirs, and only in this session.</summary>
    /// <inheritdoc cref="TryBeginSignInAsync"/>
    public Task<(ProviderState State, string Address)?> TryBeginLinkAsync(IdentityProvider provider, SessionWithPrincipals owned) =>
        TryBeginAsync(provider, ChallengeKind.ProviderLink, errand: null, owned);

    /// <returns>Null when there was no such request, it was answered before, or it has expired.</returns>
    public async Task<AnsweredRequest?> TryTakeAsync(ProviderState state, ChallengeKind kind = ChallengeKind.ProviderSignIn)
    {
        if (await challenges.TryTakeAsync(state.Hash(), kind, clock.GetUtcNow()) is not { } challenge || Open(state, challenge) is not { } json)
            return null;
        var kept = JsonSerializer.Deserialize<Kept>(json, JsonSerializerOptions.Default)!;
        return new AnsweredRequest(challenge, kept.Provider, kept.Request, kept.OnPages);
    }

    private async Task<(ProviderState State, string Address)?> TryBeginAsync(
        IdentityProvider provider, ChallengeKind kind, ProviderErrand? errand, SessionWithPrincipals? owned)
    {
        try
        {
            return await BeginAsync(provider, kind, errand, owned);
        }
        catch (ProviderException error)
        {
            reports.NoteFault(provider, error);
            return null;
        }
    }

    /// <summary>Begins a request for a sign-in to a site, or for a session, which continues on the pages of this service.</summary>
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

    /// <returns>Null when the encryption key is no longer configured.</returns>
    private string? Open(ProviderState state, SignInChallenge challenge)
    {
        if (challenge is not { KeyId: { } keyId, SealedSecret: { } bytes })
            return challenge.State;
        return box.Holds(keyId) ? Encoding.UTF8.GetString(box.Open(new SealedValue(keyId, bytes), PlaceOf(state))) : null;
    }

    private sealed record Kept(string Provider, ProviderRequest Request, bool OnPages);
}
