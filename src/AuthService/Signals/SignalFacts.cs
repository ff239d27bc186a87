using System.Text.Json.Nodes;
using AuthService.Audit;
using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>What ended with an audit entry: a session; without its id all sessions of that principal; without a principal everybody's.</summary>
internal sealed record EndedWith(string? Principal, Guid? Session);

/// <summary>What an audit entry leaves open, as the store says it.</summary>
/// <param name="Entry">Of something that was done.</param>
/// <param name="Principal">The one acted upon, as they are now; null when there is none.</param>
/// <param name="ActorType">Of the one who acted; null when nobody was signed in.</param>
/// <param name="Ended">The sessions that ended with it, if it is one that ends several; of very many their people, or everybody.</param>
internal sealed record SignalFacts(AuditEntry Entry, Principal? Principal, PrincipalType? ActorType, IReadOnlyList<EndedWith> Ended)
{
    private const string Role = "role=";

    public bool IsByThemselves => Entry.ActorKind is AuditActorKind.Principal && (Entry.Actor is null || Entry.Actor == Entry.Principal);

    /// <summary>CAEP 1.0, section 2: <c>initiating_entity</c>.</summary>
    public string Initiator => Entry.ActorKind switch
    {
        AuditActorKind.Service => "system",
        AuditActorKind.CommandLine => "admin",
        _ when IsByThemselves => "user",
        _ => ActorType is PrincipalType.Person ? "admin" : "system",
    };

    /// <summary>What the detail of a change names.</summary>
    public IReadOnlyList<string> Changed => (Entry.Detail ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The claims of an access token that a change names, as they are now; the role as it was set.</summary>
    public JsonObject ClaimsOf(IEnumerable<string> names)
    {
        var claims = new JsonObject();
        foreach (var name in names)
        {
            if (name.StartsWith(Role, StringComparison.Ordinal))
                claims["role"] = name[Role.Length..];
            else if (Principal is { Type: PrincipalType.Person } person)
                AddClaim(claims, name, person);
        }

        return claims;
    }

    private static void AddClaim(JsonObject claims, string name, Principal person)
    {
        if (name == "agreement")
            claims["serviceLicenseAgreement"] = person.AgreementAccepted;
        else if (name != ProfileField.Locale.Name && ProfileField.All.FirstOrDefault(field => field.Name == name) is { } field)
            claims[name] = field.Get(person.Profile);
    }
}
