using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using AuthService.Principals;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Identity;

namespace AuthService.SignIn.Passkeys;

/// <summary>The data that a page gives to the browser to ask for a passkey.</summary>
/// <param name="Challenge">The id of the challenge, which comes back with the answer.</param>
/// <param name="Options">The options for <c>navigator.credentials</c>, in the JSON form of WebAuthn.</param>
internal sealed record PasskeyPrompt(ChallengeId Challenge, JsonObject Options);

/// <summary>The answer of the browser.</summary>
/// <param name="Challenge">The id of the challenge in the prompt.</param>
/// <param name="Credential">The credential in the JSON form of WebAuthn, not verified yet.</param>
internal sealed record PasskeyAnswer(ChallengeId Challenge, string Credential);

/// <summary>A passkey that has signed a challenge.</summary>
/// <param name="Person">The owner of the passkey.</param>
/// <param name="Method">The authentication method (RFC 8176).</param>
internal sealed record UsedPasskey(Principal Person, string Method)
{
    public required byte[] CredentialId { get; init; }

    public required long SignCount { get; init; }

    public required bool BackedUp { get; init; }
}

/// <summary>
/// Runs the ceremonies of WebAuthn with the framework's handler, which creates and verifies everything. The handler's state of a challenge is stored
/// in the challenge's row and deleted when it is read: each challenge accepts one answer, right or wrong.
/// </summary>
internal sealed class PasskeyCeremonies(
    IPasskeyHandler<PasskeyOwner> handler, PasskeyUserStore users, SignInChallengeStore challenges, RelyingParties parties, TimeProvider clock)
{
    /// <summary>An empty request: the handler reads from the request what the settings leave open, and here they leave nothing open.</summary>
    private readonly DefaultHttpContext _noRequest = new();

    /// <summary>Begins a sign-in of an unknown person: the browser offers the passkeys that it has.</summary>
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

    /// <summary>Begins a proof for a person who is signed in, with one of their passkeys.</summary>
    public async Task<PasskeyPrompt> BeginProofAsync(Principal person, Guid session)
    {
        var made = await handler.MakeRequestOptionsAsync(new PasskeyOwner(person), _noRequest);
        return await KeepAsync(Parse(made.RequestOptionsJson), id => New(id, ChallengeKind.PasskeyProof, person, session, made.AssertionState));
    }

    /// <summary>Begins the creation of a passkey.</summary>
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

    /// <returns>The passkey that has signed and the login service of the sign-in; null when the answer is not valid.</returns>
    public async Task<(UsedPasskey Passkey, string? Service)?> TrySignInAsync(PasskeyAnswer answer) =>
        await TryTakeAsync(answer, ChallengeKind.PasskeySignIn) is { } challenge && await TryUseAsync(challenge, answer) is { } used
            ? (used, challenge.Service)
            : null;

    /// <returns>Null when the answer is not valid, or the challenge belongs to another session.</returns>
    public async Task<UsedPasskey?> TryProveAsync(PasskeyAnswer answer, Guid session) =>
        await TryTakeAsync(answer, ChallengeKind.PasskeyProof) is { } challenge && challenge.SessionId == session
            ? await TryUseAsync(challenge, answer)
            : null;

    /// <returns>The passkey that the authenticator created; null when the answer is not valid, or the challenge belongs to another session.</returns>
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
