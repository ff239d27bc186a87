using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Says what an answer to a challenge leads to. Stored as a number; the order must not change.</summary>
internal enum ChallengeKind
{
    /// <summary>An authenticator app is connected.</summary>
    SetUp = 0,

    /// <summary>A sign-in continues after its first factor was right.</summary>
    SignIn = 1,

    /// <summary>Somebody signs in with a passkey.</summary>
    PasskeySignIn = 2,

    /// <summary>A passkey is created.</summary>
    PasskeySetUp = 3,

    /// <summary>A person proves in their session with a passkey who they are.</summary>
    PasskeyProof = 4,

    /// <summary>Somebody signs in with an identity provider.</summary>
    ProviderSignIn = 5,

    /// <summary>A used logout token: <see cref="SignInChallenge.IdHash"/> is the hash of its issuer and <c>jti</c>.</summary>
    UsedLogoutToken = 6,

    /// <summary>A person proves in their session who they are at an identity provider, to sign in with it from then on.</summary>
    ProviderLink = 7,
}

/// <summary>Stores a proof that somebody still has to give, by the hash of its id.</summary>
internal sealed class SignInChallenge
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public required byte[] IdHash { get; init; }

    public required ChallengeKind Kind { get; init; }

    /// <summary>The number of the person; null while it is unknown who will answer.</summary>
    public long? PrincipalNumber { get; init; }

    /// <summary>The person's security stamp when the challenge was created. A change that raises the stamp voids the challenge too.</summary>
    public int SecurityStamp { get; init; }

    /// <summary>The login service that the sign-in is for.</summary>
    public string? Service { get; init; }

    public bool PublicComputer { get; init; }

    /// <summary>The session in which the set-up, the proof or the link began.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The id of the configured key that encrypted <see cref="SealedSecret"/>.</summary>
    public string? KeyId { get; init; }

    /// <summary>The encrypted secret of the authenticator app that is being connected, or the encrypted request to an identity provider.</summary>
    public byte[]? SealedSecret { get; init; }

    /// <summary>
    /// The data that a passkey must sign, as the framework keeps it; or the request to an identity provider, if there is no encryption key;
    /// or what the sign-in that continues has proved (<see cref="SignInSoFar"/>).
    /// </summary>
    public string? State { get; init; }

    /// <summary>The number of judged codes, including the one that is being judged.</summary>
    public int Attempts { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class SignInChallengeTable : IEntityTypeConfiguration<SignInChallenge>
{
    public void Configure(EntityTypeBuilder<SignInChallenge> table)
    {
        table.ToTable("sign_in_challenges");
        table.HasKey(challenge => challenge.IdHash);
        table.HasIndex(challenge => challenge.PrincipalNumber);
        table.HasIndex(challenge => challenge.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(challenge => challenge.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}
