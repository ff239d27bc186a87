using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Identity;

namespace AuthService.SignIn.Passkeys;

/// <summary>What a page gives to the browser to ask for a passkey.</summary>
/// <param name="Challenge">Comes back with the answer.</param>
/// <param name="Options">For <c>navigator.credentials</c>, as WebAuthn writes them in JSON.</param>
internal sealed record PasskeyPrompt(ChallengeId Challenge, JsonObject Options);

/// <summary>What the browser gave.</summary>
/// <param name="Challenge">Of the prompt.</param>
/// <param name="Credential">As WebAuthn writes it in JSON, and not looked at yet.</param>
internal sealed record PasskeyAnswer(ChallengeId Challenge, string Credential);

/// <summary>A passkey that has signed a challenge.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="Method">How the person has proved who they are (RFC 8176).</param>
internal sealed record UsedPasskey(Principal Person, string Method)
{
    public required byte[] CredentialId { get; init; }

    public required long SignCount { get; init; }

    public required bool BackedUp { get; init; }
}

/// <summary>
/// The ceremonies of WebAuthn by the framework's handler, which makes and verifies everything. What it must know of a challenge afterwards is
/// kept in the challenge's row, and deleted as it is read: an answer is looked at once, whatever it is.
/// </summary>
internal sealed class PasskeyCeremonies(
    IPasskeyHandler<PasskeyOwner> handler, PasskeyUserStore users, SignInChallengeStore challenges, RelyingParties parties, TimeProvider clock)
{
    /// <summary>The handler asks a request for what settings do not say; this one says nothing.</summary>
    private readonly DefaultHttpContext _noRequest = new();

    /// <summary>For whoever it is that signs in: the browser offers the passkeys that it has.</summary>
    public async Task<PasskeyPrompt> BeginSignInAsync(string service)
    {
        var made = await handler.MakeRequestOptionsAsync(user: null, _noRequest);
        return await KeepAsync(Parse(made.RequestOptionsJson), id => new SignInChallenge
        {
            IdHash = id.Hash(),
            Kind = ChallengeKind.PasskeySignIn,
            Service = service,
            State = made.AssertionState,
            ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
        });
    }

    /// <summary>For a person who has signed in, with one of their passkeys.</summary>
    public async Task<PasskeyPrompt> BeginProofAsync(Principal person, Guid session)
    {
        var made = await handler.MakeRequestOptionsAsync(new PasskeyOwner(person), _noRequest);
        return await KeepAsync(Parse(made.RequestOptionsJson), id => New(id, ChallengeKind.PasskeyProof, person, session, made.AssertionState));
    }

    /// <summary>For a new passkey.</summary>
    public async Task<PasskeyPrompt> BeginSetUpAsync(Principal person, Guid session)
    {
        var owner = new PasskeyOwner(person);
        var fullName = string.Join(' ', new[] { person.Profile.FirstNames, person.Profile.LastName }.OfType<string>());
        var entity = new PasskeyUserEntity { Id = owner.Handle, Name = person.Id, DisplayName = fullName.Length > 0 ? fullName : person.Id };
        var made = await handler.MakeCreationOptionsAsync(entity, _noRequest);
        var options = Parse(made.CreationOptionsJson);
        options["rp"]!["name"] = parties.DisplayName;
        return await KeepAsync(options, id => New(id, ChallengeKind.PasskeySetUp, person, session, made.AttestationState));
    }

    /// <returns>The passkey that has signed, and for which login service; null when anything is wrong with it.</returns>
    public async Task<(UsedPasskey Passkey, string? Service)?> TrySignInAsync(PasskeyAnswer answer) =>
        await TryTakeAsync(answer, ChallengeKind.PasskeySignIn) is { } challenge && await TryUseAsync(challenge, answer) is { } used
            ? (used, challenge.Service)
            : null;

    /// <returns>Null when anything is wrong with it, or the challenge is not of this session.</returns>
    public async Task<UsedPasskey?> TryProveAsync(PasskeyAnswer answer, Guid session) =>
        await TryTakeAsync(answer, ChallengeKind.PasskeyProof) is { } challenge && challenge.SessionId == session
            ? await TryUseAsync(challenge, answer)
            : null;

    /// <returns>What the authenticator made; null when anything is wrong with it, or the challenge is not of this session.</returns>
    public async Task<UserPasskeyInfo?> TrySetUpAsync(PasskeyAnswer answer, Guid session)
    {
        if (await TryTakeAsync(answer, ChallengeKind.PasskeySetUp) is not { } challenge || challenge.SessionId != session)
            return null;
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = _noRequest,
            CredentialJson = answer.Credential,
            AttestationState = challenge.State,
        });
        ThrowIfStoreFailed();
        return result.Succeeded ? result.Passkey : null;
    }

    private async Task<UsedPasskey?> TryUseAsync(SignInChallenge challenge, PasskeyAnswer answer)
    {
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = _noRequest,
            CredentialJson = answer.Credential,
            AssertionState = challenge.State,
        });
        ThrowIfStoreFailed();
        return !result.Succeeded ? null : new UsedPasskey(result.User.Person, Passkey.MethodOf(result.Passkey))
        {
            CredentialId = result.Passkey.CredentialId,
            SignCount = result.Passkey.SignCount,
            BackedUp = result.Passkey.IsBackedUp,
        };
    }

    private Task<SignInChallenge?> TryTakeAsync(PasskeyAnswer answer, ChallengeKind kind) =>
        challenges.TryTakeAsync(answer.Challenge.Hash(), kind, clock.GetUtcNow());

    private async Task<PasskeyPrompt> KeepAsync(JsonObject options, Func<ChallengeId, SignInChallenge> create)
    {
        var id = ChallengeId.New();
        await challenges.AddAsync(create(id));
        return new PasskeyPrompt(id, options);
    }

    private SignInChallenge New(ChallengeId id, ChallengeKind kind, Principal person, Guid session, string? state) => new()
    {
        IdHash = id.Hash(),
        Kind = kind,
        PrincipalNumber = person.Number,
        SecurityStamp = person.SecurityStamp,
        SessionId = session,
        State = state,
        ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
    };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private void ThrowIfStoreFailed()
    {
        if (users.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }
}
