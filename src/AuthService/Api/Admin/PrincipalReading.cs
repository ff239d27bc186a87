using System.Diagnostics.CodeAnalysis;
using AuthService.Principals;

namespace AuthService.Api.Admin;

/// <summary>Turns what an administrator sent into what the service works with, or into words that name the field.</summary>
internal static class PrincipalReading
{
    private const string Accepted = "ACCEPTED";
    private const string Requested = "REQUESTED";

    /// <summary>Before the policy is asked.</summary>
    public static readonly string PasswordFault = $"password must have {Password.MinimumLength} to {Password.MaximumLength} characters";

    public static bool TryRead(NewPrincipalRequest request, [NotNullWhen(true)] out NewPrincipal? principal, out string fault)
    {
        principal = null;
        var type = PrincipalType.Person;
        if (request.Type is not null && !WireNames.TryParse(request.Type, out type))
            return Fail("type must be PERSON, SERVICE or PROVIDER", out fault);
        var role = UsualRole(type);
        if (request.Role is not null && !WireNames.TryParse(request.Role, out role))
            return Fail("role must be USER, ADMIN, SERVICE or PROVIDER", out fault);
        if (!PrincipalName.TryParse(request.Id, out var name))
            return Fail($"id must have 1 to {PrincipalName.MaximumLength} characters, none of them a control character", out fault);
        Password? password = null;
        if (request.Password is not null && !Password.TryParse(request.Password, out password))
            return Fail(PasswordFault, out fault);
        if (!TryRead(ToPatch(request), out var details, out fault))
            return false;
        principal = new NewPrincipal(name, type, role) { Password = password, Details = details };
        return true;
    }

    public static bool TryRead(PrincipalPatch patch, [NotNullWhen(true)] out PrincipalChange? change, out string fault)
    {
        change = null;
        fault = FindFault(patch) ?? "";
        if (fault.Length > 0)
            return false;
        var wanted = new PrincipalChange
        {
            Role = WireNames.TryParse(patch.Role, out Role role) ? role : null,
            State = WireNames.TryParse(patch.State, out PrincipalState state) ? state : null,
            FirstNames = patch.FirstNames,
            LastName = patch.LastName,
            Email = patch.Email,
            OrgId = patch.OrgId,
            Locale = patch.Locale,
            CanImpersonate = patch.CanImpersonate,
            AgreementAccepted = patch.Agreement is { State: var agreement } ? agreement == Accepted : null,
            PasswordResetRequested = patch.PasswordResetRequested,
            Services = new(patch.Services.IsGiven, patch.Services.Value?.Select(s => new ServiceGrant(s?.ServiceName ?? "", s?.MaxConcurrentAccess)).ToArray()),
        };
        if (wanted.FindFault() is { } valueFault)
            return Fail(valueFault, out fault);
        change = wanted;
        return true;
    }

    public static PrincipalResponse Describe(Principal principal, DateTimeOffset now, string? refreshToken = null) => new(
        principal.Id,
        principal.Type.ToWire(),
        principal.Role.ToWire(),
        principal.FirstNames,
        principal.LastName,
        principal.Email,
        principal.OrgId,
        principal.Locale,
        principal.CanImpersonate,
        new AgreementBody(principal.AgreementAccepted ? Accepted : Requested),
        principal.PasswordResetRequested,
        [.. (principal.Services ?? []).Select(grant => new ServiceBody(grant.ServiceName, grant.MaxConcurrentAccess))],
        principal.Uuid,
        principal.State.ToWire(),
        now < principal.LockedUntil,
        principal.CreatedAt,
        refreshToken);

    private static Role UsualRole(PrincipalType type) => type switch
    {
        PrincipalType.Person => Role.User,
        PrincipalType.Service => Role.Service,
        _ => Role.Provider,
    };

    private static PrincipalPatch ToPatch(NewPrincipalRequest request) => new()
    {
        FirstNames = new(request.FirstNames is not null, request.FirstNames),
        LastName = new(request.LastName is not null, request.LastName),
        Email = new(request.Email is not null, request.Email),
        OrgId = new(request.OrgId is not null, request.OrgId),
        Locale = new(request.Locale is not null, request.Locale),
        CanImpersonate = request.CanImpersonate,
        Agreement = request.Agreement,
        PasswordResetRequested = request.PasswordResetRequested,
        Services = new(request.Services is not null, request.Services),
    };

    private static string? FindFault(PrincipalPatch patch)
    {
        if (patch.Password is not null && !Password.TryParse(patch.Password, out _))
            return PasswordFault;
        if (patch.Role is not null && !WireNames.TryParse(patch.Role, out Role _))
            return "role must be USER, ADMIN, SERVICE or PROVIDER";
        if (patch.State is not null && (!WireNames.TryParse(patch.State, out PrincipalState state) || state is PrincipalState.Deleted))
            return "state must be ENABLED or DISABLED; to delete a principal use DELETE";
        if (patch.Agreement is { State: not (Accepted or Requested) })
            return $"agreement.state must be {Accepted} or {Requested}";
        return null;
    }

    private static bool Fail(string words, out string fault)
    {
        fault = words;
        return false;
    }
}
