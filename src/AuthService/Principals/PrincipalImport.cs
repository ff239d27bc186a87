using AuthService.Audit;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Somebody brought from elsewhere, with the hash of their password as it was there.</summary>
internal sealed record ImportedPerson(NewPrincipal Person, PrincipalState State, string? PasswordHash);

/// <summary>Adds people in batches. What is there already stays as it is, so that an import that was interrupted is simply run again.</summary>
internal sealed class PrincipalImport(AuthDbContext db, AuditLog audit, TimeProvider clock)
{
    private const int Attempts = 3;

    /// <summary>A batch is one transaction with one audit row.</summary>
    /// <returns>How many were added; the others are there already, in this or another spelling.</returns>
    public async Task<int> AddMissingAsync(IReadOnlyList<ImportedPerson> people, Deed deed)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAddMissingAsync(people, deed);
            }
            catch (DbUpdateException error) when (error.IsUniqueViolation() && attempt < Attempts)
            {
                db.ChangeTracker.Clear(); // somebody else has added one of them since we looked
            }
        }
    }

    private Task<int> TryAddMissingAsync(IReadOnlyList<ImportedPerson> people, Deed deed) => StoreTransaction.RunAsync(db, async transaction =>
    {
        var names = people.Select(person => person.Person.Id.Folded).ToList();
        var taken = await db.Set<Principal>().Where(p => names.Contains(p.FoldedId)).Select(p => p.FoldedId).ToHashSetAsync(StringComparer.Ordinal);
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var missing = people.DistinctBy(person => person.Person.Id.Folded, StringComparer.Ordinal)
            .Where(person => !taken.Contains(person.Person.Id.Folded)).Select(person => Describe(person, now)).ToList();
        if (missing.Count == 0)
            return 0;
        db.AddRange(missing);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        var detail = $"{missing.Count} people, from \"{missing[0].Id}\" to \"{missing[^1].Id}\"";
        await audit.WriteAsync(deed, AuditEvents.PrincipalsImported, principal: null, detail: detail);
        await transaction.CommitAsync();
        return missing.Count;
    });

    private static Principal Describe(ImportedPerson imported, DateTimeOffset now)
    {
        var principal = PrincipalService.Describe(imported.Person, token: null, now);
        principal.State = imported.State;
        principal.PasswordHash = imported.PasswordHash;
        return principal;
    }
}
