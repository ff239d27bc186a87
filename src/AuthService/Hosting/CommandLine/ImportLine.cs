using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.People;
using AuthService.Principals;
using AuthService.Principals.Passwords;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// One line of an import: the members of <c>POST /admin/principals</c> for a person, with <c>state</c>, and with
/// <c>passwordHash</c> instead of <c>password</c>, or <c>credentialData</c> and <c>secretData</c> as Keycloak exports them.
/// </summary>
internal sealed record ImportLine(
    string? Id,
    string? Role,
    string? State,
    string? PasswordHash,
    string? FirstNames,
    string? LastName,
    string? Email,
    string? OrgId,
    string? Locale,
    bool? CanImpersonate,
    ImportLine.AgreementPart? Agreement,
    bool? PasswordResetRequested,
    IReadOnlyList<ServiceGrant>? Services,
    string? CredentialData,
    string? SecretData)
{
    /// <summary>All other members of the line.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unread { get; set; }

    /// <param name="json">The line as UTF-8.</param>
    /// <param name="person">The person, if the line is valid.</param>
    /// <param name="fault">The fault, which names the member and says what is allowed.</param>
    /// <param name="onUnread">Called with the name of each member that is not read.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out ImportedPerson? person, out string fault, Action<string>? onUnread = null)
    {
        person = null;
        try
        {
            if (JsonSerializer.Deserialize(json, ImportJson.Default.ImportLine) is not { } line)
                return Fail("must be a JSON object", out fault);
            if ((line.CredentialData is null) != (line.SecretData is null) || (line.CredentialData is not null && line.PasswordHash is not null))
                return Fail("must have passwordHash, or credentialData together with secretData, or none of them", out fault);
            if (line is { CredentialData: { } credential, SecretData: { } secret })
                line = line with { PasswordHash = KeycloakCredential.ToHash(credential, secret) };
            foreach (var name in line.Unread?.Keys ?? Enumerable.Empty<string>())
                onUnread?.Invoke(name);
            fault = line.FindFault() ?? UnreadMembers.FindFault(line) ?? "";
            return fault.Length == 0 && line.TryCreatePerson(out person, out fault);
        }
        catch (JsonException error)
        {
            return Fail($"is no JSON of this form at byte {error.BytePositionInLine + 1}: a slip, a wrong type, or a member given twice", out fault);
        }
        catch (InvalidOperationException)
        {
            return Fail("holds text that is no Unicode", out fault); // for example half a surrogate pair
        }
    }

    private string? FindFault()
    {
        if (Role is not null && !(WireNames.TryParse(Role, out Principals.Role role) && NewPrincipal.Suits(role, PrincipalType.Person)))
            return $"role must be {WireNames.RolesOfPeople}";
        if (State is not null && !(WireNames.TryParse(State, out PrincipalState state) && state is not PrincipalState.Deleted))
            return $"state must be {WireNames.StatesToSet}";
        if (Agreement is not null && !WireNames.TryParseAgreement(Agreement.State, out _))
            return $"agreement.state must be {WireNames.Agreements}";
        if (PasswordHash is not null && ForeignPasswords.FindFault(PasswordHash) is { } fault)
            return $"{(CredentialData is null ? "passwordHash" : "credentialData")} {fault}";
        return null;
    }

    private bool TryCreatePerson([NotNullWhen(true)] out ImportedPerson? person, out string fault)
    {
        person = null;
        if (!PrincipalName.TryParse(Id, out var name))
            return Fail($"id must have {PrincipalName.Form}", out fault);
        var details = new PrincipalUpdate
        {
            Profile = ProfileChange.To(new PrincipalProfile { FirstNames = FirstNames, LastName = LastName, Email = Email, OrgId = OrgId, Locale = Locale }),
            CanImpersonate = CanImpersonate,
            AgreementAccepted = Agreement is null ? null : WireNames.TryParseAgreement(Agreement.State, out var accepted) && accepted,
            PasswordResetRequested = PasswordResetRequested,
            Services = new(IsGiven: true, Services),
        };
        _ = WireNames.TryParse(Role, out Principals.Role role); // a missing role becomes the first one, USER, and a missing state ENABLED
        _ = WireNames.TryParse(State, out PrincipalState state);
        var wanted = new NewPrincipal(name, PrincipalType.Person, role) { Details = details };
        fault = details.FindFault() ?? wanted.FindFault() ?? "";
        if (fault.Length == 0)
            person = new ImportedPerson(wanted, state, PasswordHash);
        return person is not null;
    }

    private static bool Fail(string words, out string fault)
    {
        fault = words;
        return false;
    }

    internal sealed record AgreementPart(string? State);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, MaxDepth = 16,
    Converters = [typeof(WholeNumberConverter<int>)])]
[JsonSerializable(typeof(ImportLine))]
internal sealed partial class ImportJson : JsonSerializerContext;
