using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Finds the second factor that a person owes who has proved one factor.</summary>
internal sealed class OwedFactors(
    SecondFactorStore factors, SignInChallengeStore challenges, Store store, TimeProvider clock, RefusalNotes refusals)
{
    /// <summary>
    /// Creates a challenge if a second factor is owed. Until it is answered, the sign-in is recorded as refused: the first factor was right, but may be in
    /// the wrong hands.
    /// </summary>
    /// <returns>The challenge with which the sign-in continues; null when the person has connected no second factor.</returns>
    public async Task<ChallengeId?> FindAsync(Principal person, SignInSoFar soFar, SignInSite site, AuditActor by)
    {
        if (!await factors.HasTotpAsync(person))
            return null;
        var (id, now) = (ChallengeId.New(), clock.GetUtcNow());
        await store.InTransactionAsync(async () =>
        {
            await challenges.AddAsync(new SignInChallenge
            {
                IdHash = id.Hash(),
                Kind = ChallengeKind.SignIn,
                PrincipalNumber = person.Number,
                SecurityStamp = person.SecurityStamp,
                Service = site.Name,
                PublicComputer = site.PublicComputer,
                State = soFar.ToText(),
                ExpireAt = now + SignInChallenge.Lifetime,
            });
            await store.InsertAsync(by.CreateEntry(AuditEvents.SignIn, now, person.Id, AuditOutcome.Refused, detail: "a second factor is owed"));
        });
        refusals.Add(RefusalReason.SecondFactorOwed, person.Id);
        return id;
    }

    /// <summary>
    /// Checks whether a second factor is owed, inside the transaction that creates a session with one factor and holds the person's row lock. Connecting a
    /// factor takes the lock too: it comes either before, and is found, or after the session was created.
    /// </summary>
    public Task<bool> IsOwedAsync(Principal person) => factors.HasTotpAsync(person);
}
