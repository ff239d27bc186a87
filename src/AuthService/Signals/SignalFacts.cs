using System.Text.Json.Nodes;
using AuthService.Audit;
using AuthService.Principals;

namespace AuthService.Signals;

/// <summary>
/// Names what ended with an audit entry: one session; all sessions of the principal, without a session id; everybody's sessions, without a principal.
/// </summary>
internal sealed record EndedSessionScope(string? Principal, Guid? Session);

/// <summary>An audit entry with the facts that it does not contain, read from the store.</summary>
/// <param name="Entry">The entry of a successful action.</param>
/// <param name="Principal">The principal that the action was about, as they are now; null when there is none.</param>
/// <param name="ActorType">The type of the principal who acted; null when nobody was signed in.</param>
/// <param name="Ended">The sessions that ended with the entry, if it can end several; for very many, their principals or everybody.</param>
internal sealed record SignalFacts(AuditEntry Entry, Principal? Principal, PrincipalType? ActorType, IReadOnlyList<EndedSessionScope> Ended)
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

    /// <summary>The names of the changes in the entry's detail.</summary>
    public IReadOnlyList<string> Changed => (Entry.Detail ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns the access token claims that a change concerns, with their current values; the role as it was set.</summary>
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
