using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Principals;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// One line of an import: the members of <c>POST /admin/principals</c> for a person, with <c>state</c>, and with
/// <c>passwordHash</c> instead of <c>password</c>.
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
    IReadOnlyList<ServiceGrant>? Services)
{
    /// <returns>False with a fault that names the member and says what is allowed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ImportedPerson? person, out string fault)
    {
        person = null;
        try
        {
            if (JsonSerializer.Deserialize(json, ImportJson.Default.ImportLine) is not { } line)
                return Fail("must be a JSON object", out fault);
            fault = line.FindFault() ?? "";
            return fault.Length == 0 && line.TryDescribe(out person, out fault);
        }
        catch (JsonException error)
        {
            return Fail($"is no JSON of this form at byte {error.BytePositionInLine + 1}: a slip, a wrong type, or a member given twice", out fault);
        }
        catch (InvalidOperationException)
        {
            return Fail("holds text that is no Unicode", out fault); // half a surrogate pair
        }
    }

    private string? FindFault()
    {
        if (Role is not (null or "USER" or "ADMIN"))
            return "role must be USER or ADMIN";
        if (State is not (null or "ENABLED" or "DISABLED"))
            return "state must be ENABLED or DISABLED";
        if (Agreement is { State: not ("ACCEPTED" or "REQUESTED") })
            return "agreement.state must be ACCEPTED or REQUESTED";
        if (PasswordHash?.StartsWith("$2", StringComparison.Ordinal) is true && !BcryptPasswords.Recognizes(PasswordHash))
            return "passwordHash must, as bcrypt, have the form $2b$COST$ with a cost from 04 to 17, and 53 characters of ./A-Za-z0-9 after it";
        return PasswordHash is not null && !PasswordHashing.Recognizes(PasswordHash)
            ? "passwordHash must be bcrypt ($2a$, $2b$, $2y$), ASP.NET Core Identity v3, or PBKDF2 of passlib ($pbkdf2-sha256$…) or "
                + $"Django (pbkdf2_sha256$…), the last three with at most {PasswordHashing.MostIterations} iterations"
            : null;
    }

    private bool TryDescribe([NotNullWhen(true)] out ImportedPerson? person, out string fault)
    {
        person = null;
        if (!PrincipalName.TryParse(Id, out var name))
            return Fail($"id must have 1 to {PrincipalName.MaximumLength} characters, none of them a control character", out fault);
        var details = new PrincipalChange
        {
            FirstNames = new(IsGiven: true, FirstNames),
            LastName = new(IsGiven: true, LastName),
            Email = new(IsGiven: true, Email),
            OrgId = new(IsGiven: true, OrgId),
            Locale = new(IsGiven: true, Locale),
            CanImpersonate = CanImpersonate,
            AgreementAccepted = Agreement is null ? null : Agreement.State is "ACCEPTED",
            PasswordResetRequested = PasswordResetRequested,
            Services = new(IsGiven: true, Services),
        };
        var wanted = new NewPrincipal(name, PrincipalType.Person, Role is "ADMIN" ? Principals.Role.Admin : Principals.Role.User) { Details = details };
        fault = details.FindFault() ?? PrincipalService.FindFault(wanted, PrincipalService.Describe(wanted, token: null, DateTimeOffset.UnixEpoch)) ?? "";
        if (fault.Length == 0)
            person = new ImportedPerson(wanted, State is "DISABLED" ? PrincipalState.Disabled : PrincipalState.Enabled, PasswordHash);
        return person is not null;
    }

    private static bool Fail(string words, out string fault)
    {
        fault = words;
        return false;
    }

    internal sealed record AgreementPart(string? State);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 16)]
[JsonSerializable(typeof(ImportLine))]
internal sealed partial class ImportJson : JsonSerializerContext;
