using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What an answer to a challenge leads to. Stored as a number; the order must not change.</summary>
internal enum ChallengeKind
{
    /// <summary>An authenticator app is connected.</summary>
    SetUp = 0,

    /// <summary>A sign-in whose password was right goes on.</summary>
    SignIn = 1,

    /// <summary>Somebody signs in with a passkey.</summary>
    PasskeySignIn = 2,

    /// <summary>A passkey is made.</summary>
    PasskeySetUp = 3,

    /// <summary>A person proves with a passkey, in a session that they have, who they are.</summary>
    PasskeyProof = 4,

    /// <summary>Somebody signs in with an identity provider.</summary>
    ProviderSignIn = 5,

    /// <summary>A used logout token: <see cref="SignInChallenge.IdHash"/> is the hash of its issuer and <c>jti</c>.</summary>
    UsedLogoutToken = 6,

    /// <summary>A person shows in a session of theirs who they are at an identity provider, to sign in with that from then on.</summary>
    ProviderLink = 7,
}

/// <summary>What a person still has to show, under the hash of its id.</summary>
internal sealed class SignInChallenge
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public required byte[] IdHash { get; init; }

    public required ChallengeKind Kind { get; init; }

    /// <summary>Null while it is not known who will answer.</summary>
    public long? PrincipalNumber { get; init; }

    /// <summary>The person's when the challenge was made: a change after which their sign-ins do not count voids it too.</summary>
    public int SecurityStamp { get; init; }

    /// <summary>The login service that the sign-in is for.</summary>
    public string? Service { get; init; }

    public bool PublicComputer { get; init; }

    /// <summary>The session in which the set-up was begun.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Which of the configured keys sealed <see cref="SealedSecret"/>.</summary>
    public string? KeyId { get; init; }

    /// <summary>That of the authenticator app that is being connected; or what an identity provider was asked.</summary>
    public byte[]? SealedSecret { get; init; }

    /// <summary>
    /// What a passkey has to sign, as the framework keeps it; what an identity provider was asked, where there is no encryption key; or what the sign-in
    /// has shown that goes on (<see cref="SignInSoFar"/>).
    /// </summary>
    public string? State { get; init; }

    /// <summary>The codes that were judged, the one that is being judged included.</summary>
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
