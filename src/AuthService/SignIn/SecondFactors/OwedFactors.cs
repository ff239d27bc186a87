using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What is still owed by somebody who has shown one factor.</summary>
internal sealed class OwedFactors(
    SecondFactorStore factors, SignInChallengeStore challenges, Store store, TimeProvider clock, RefusalNotes refusals)
{
    /// <summary>The sign-in is on record as refused until the challenge is answered: the password was right, and may be in wrong hands.</summary>
    /// <returns>The challenge with which the sign-in goes on; null when the person has connected no second factor.</returns>
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
    /// Inside the transaction that makes a session with one factor, which holds the person. Whoever connects a second one holds them as well: it was connected
    /// before and is found, or is connected after the session was made.
    /// </summary>
    public Task<bool> IsOwedAsync(Principal person) => factors.HasTotpAsync(person);
}
