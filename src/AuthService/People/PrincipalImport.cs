using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.People;

/// <summary>An imported person, with the hash of their password from the other system.</summary>
internal sealed record ImportedPerson(NewPrincipal Person, PrincipalState State, string? PasswordHash);

/// <summary>Adds people in batches. Existing people stay unchanged, so an interrupted import can be run again.</summary>
internal sealed class PrincipalImport(Store store, AuditLog audit, TimeProvider clock)
{
    private const int Attempts = 3;

    /// <summary>Adds a batch in one transaction with one audit entry.</summary>
    /// <returns>The number of added people; the others exist already, in this or another spelling.</returns>
    public async Task<int> AddMissingAsync(IReadOnlyList<ImportedPerson> people, AuditActor by)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAddMissingAsync(people, by);
            }
            catch (DbUpdateException error) when (error.IsUniqueViolation() && attempt < Attempts)
            {
                // another request has added one of them since they were read
            }
        }
    }

    private Task<int> TryAddMissingAsync(IReadOnlyList<ImportedPerson> people, AuditActor by) => store.InTransactionAsync(async () =>
    {
        var names = people.Select(person => person.Person.Id.Folded).ToList();
        var taken = await store.ReadAsync(db => db.Set<Principal>()
            .Where(p => names.Contains(p.FoldedId)).Select(p => p.FoldedId).ToHashSetAsync(StringComparer.Ordinal));
        var now = UnixMicroseconds.Rounded(clock.GetUtcNow());
        var missing = people.DistinctBy(person => person.Person.Id.Folded, StringComparer.Ordinal)
            .Where(person => !taken.Contains(person.Person.Id.Folded)).Select(person => Create(person, now)).ToList();
        if (missing.Count == 0)
            return 0;
        await store.InsertAsync([.. missing]);
        var detail = $"{missing.Count} people, from \"{missing[0].Id}\" to \"{missing[^1].Id}\"";
        await audit.WriteAsync(by, AuditEvents.PrincipalsImported, principal: null, detail: detail);
        return missing.Count;
    });

    private static Principal Create(ImportedPerson imported, DateTimeOffset now)
    {
        var principal = imported.Person.Create(token: null, now);
        principal.State = imported.State;
        principal.PasswordHash = imported.PasswordHash is { } hash ? BcryptPasswords.ToImported(hash) : null;
        return principal;
    }
}
