using System.Security.Cryptography;
using AuthService.Audit;
using AuthService.Mail;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Creates people who sign in with a provider for the first time.</summary>
internal sealed class NewPeople(Store store, IdentityLinkStore links)
{
    private const int Attempts = 5;
    private const int LongestGivenName = 200;

    /// <summary>Creates the person. When one subject signs in several times at once, one sign-in creates the person and the others find it.</summary>
    /// <returns>Null when no free name was found.</returns>
    public async Task<Principal?> TryCreateAsync(ProviderIdentity identity, IdentityProvider provider, AuditActor by, DateTimeOffset now)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                return await CreateAsync(NameOf(identity, attempt), identity, provider, by, now);
            }
            catch (DbUpdateException error) when (error.IsUniqueViolation())
            {
                if (await links.FindPersonAsync(identity) is { } made)
                    return made;
            }
        }

        return null;
    }

    public static IdentityLink LinkOf(Principal person, ProviderIdentity identity, IdentityProvider provider, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PrincipalNumber = person.Number,
        Issuer = identity.Issuer,
        Subject = identity.Subject,
        Provider = provider.Title,
        Name = identity.Claims.Email ?? identity.Claims.FindText("preferred_username") ?? identity.Claims.FindText("name"),
        CreatedAt = now,
    };

    public static Role RoleOf(ProviderIdentity identity, ProviderRole rule) => identity.Claims.Has(rule.Claim, rule.Admin) ? Role.Admin : Role.User;

    private Task<Principal> CreateAsync(PrincipalName name, ProviderIdentity identity, IdentityProvider provider, AuditActor by, DateTimeOffset now) =>
        store.InTransactionAsync(async () =>
        {
            var role = provider.Role is { } rule ? RoleOf(identity, rule) : Role.User;
            var details = new PrincipalUpdate { Profile = ProfileOf(identity.Claims) };
            var person = new NewPrincipal(name, PrincipalType.Person, role) { Details = details }.Create(token: null, UnixMicroseconds.Rounded(now));
            person.EmailVerifiedAt = person.Profile.Email is null ? null : now;
            var detail = $"{person.Type.ToWire()} {person.Role.ToWire()}";
            await store.InsertAsync(person, by.CreateEntry(AuditEvents.PrincipalCreated, now, person.Id, detail: detail));
            var link = LinkOf(person, identity, provider, now);
            await store.InsertAsync(link, by.CreateEntry(AuditEvents.IdentityLinked, now, person.Id, detail: link.ToAuditText()));
            return person;
        });

    /// <summary>
    /// Returns the name that the provider uses for them, if it is valid; after the first attempt with a random suffix. An address becomes the name
    /// only if the provider has verified it.
    /// </summary>
    private static PrincipalName NameOf(ProviderIdentity identity, int attempt)
    {
        var claims = identity.Claims;
        var address = claims.IsEmailVerified ? claims.Email : null;
        var given = claims.FindText("preferred_username") is { } name && (!name.Contains('@') || name == address) ? name : address ?? "person";
        if (given.Length <= LongestGivenName && Parse(attempt is 0 && given != "person" ? given : $"{given}-{Suffix()}") is { } wanted)
            return wanted;
        return Parse($"person-{Suffix()}")!;
    }

    private static PrincipalName? Parse(string text) =>
        PrincipalName.TryParseTyped(text, out var name) && new NewPrincipal(name, PrincipalType.Person, Role.User).FindFault() is null ? name : null;

    private static string Suffix() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private static ProfileChange ProfileOf(ProviderClaims claims) => ProfileChange.To(new PrincipalProfile
    {
        FirstNames = claims.FindText("given_name"),
        LastName = claims.FindText("family_name"),
        Email = claims.IsEmailVerified && MailAddress.TryParse(claims.Email, out _) ? claims.Email : null,
        Locale = claims.FindText("locale"),
    });
}
