using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Principals.ApiKeys;
using AuthService.Principals.Passwords;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Admin;

/// <summary>Reads the principal that an administrator creates.</summary>
internal sealed class NewPrincipalReader : IJsonReader<NewPrincipalReader, NewPrincipalRequest, NewPrincipal>
{
    public static ReadResult<NewPrincipal> Read(NewPrincipalRequest request)
    {
        var type = PrincipalType.Person;
        if (request.Type is not null && !WireNames.TryParse(request.Type, out type))
            return ApiError.BadRequest($"type must be {WireNames.Types}");
        var role = UsualRole(type);
        if (request.Role is not null && !WireNames.TryParse(request.Role, out role))
            return PrincipalUpdateReader.BadRole;
        if (!PrincipalName.TryParse(request.Id, out var name))
            return ApiError.BadRequest($"id must have {PrincipalName.Form}");
        Password? password = null;
        if (request.Password is not null && !Password.TryParse(request.Password, out password))
            return NewPasswordReader.BadLength;
        return PrincipalUpdateReader.Check(ToPatch(request), ProfileChange.To(ToProfile(request))).Then<NewPrincipal>(
            details => new NewPrincipal(name, type, role) { Password = password, Details = details });
    }

    private static Role UsualRole(PrincipalType type) => type switch
    {
        PrincipalType.Person => Role.User,
        PrincipalType.Service => Role.Service,
        _ => Role.Provider,
    };

    private static PrincipalProfile ToProfile(NewPrincipalRequest request) => new()
    {
        FirstNames = request.FirstNames,
        LastName = request.LastName,
        Email = request.Email,
        OrgId = request.OrgId,
        Locale = request.Locale,
    };

    private static PrincipalPatch ToPatch(NewPrincipalRequest request) => new()
    {
        CanImpersonate = request.CanImpersonate,
        Agreement = request.Agreement,
        PasswordResetRequested = request.PasswordResetRequested,
        Services = new(request.Services is not null, request.Services),
    };
}

/// <summary>A change of a principal, with the new password if one was given.</summary>
internal sealed record PrincipalEdit(PrincipalUpdate Change, Password? Password);

internal sealed class PrincipalUpdateReader : IJsonReader<PrincipalUpdateReader, PrincipalPatch, PrincipalEdit>
{
    public static ApiError BadRole => ApiError.BadRequest($"role must be {WireNames.Roles}");

    public static ReadResult<PrincipalUpdate> Check(PrincipalPatch patch, ProfileChange profile)
    {
        Role? role = WireNames.TryParse(patch.Role, out Role parsedRole) ? parsedRole : null;
        if (patch.Role is not null && role is null)
            return BadRole;
        PrincipalState? state = WireNames.TryParse(patch.State, out PrincipalState parsedState) ? parsedState : null;
        if (patch.State is not null && state is null or PrincipalState.Deleted)
            return ApiError.BadRequest($"state must be {WireNames.StatesToSet}; to delete a principal use DELETE");
        var accepted = true;
        if (patch.Agreement is not null && !WireNames.TryParseAgreement(patch.Agreement.State, out accepted))
            return ApiError.BadRequest($"agreement.state must be {WireNames.Agreements}");
        var change = new PrincipalUpdate
        {
            Role = role,
            State = state,
            Profile = profile,
            CanImpersonate = patch.CanImpersonate,
            AgreementAccepted = patch.Agreement is null ? null : accepted,
            PasswordResetRequested = patch.PasswordResetRequested,
            Services = new(patch.Services.IsGiven, patch.Services.Value?.Select(s => new ServiceGrant(s?.ServiceName ?? "", s?.MaxConcurrentAccess)).ToArray()),
        };
        return change.FindFault() is { } fault ? ApiError.BadRequest(fault) : change;
    }

    public static ReadResult<PrincipalEdit> Read(PrincipalPatch patch)
    {
        Password? password = null;
        if (patch.Password is not null && !Password.TryParse(patch.Password, out password))
            return NewPasswordReader.BadLength;
        return Check(patch, ProfileOf(patch)).Then<PrincipalEdit>(change => new PrincipalEdit(change, password));
    }

    private static ProfileChange ProfileOf(PrincipalPatch patch) => ProfileChange.Of(
        (ProfileField.FirstNames, patch.FirstNames),
        (ProfileField.LastName, patch.LastName),
        (ProfileField.Email, patch.Email),
        (ProfileField.OrgId, patch.OrgId),
        (ProfileField.Locale, patch.Locale));
}

/// <summary>Reads a password that an administrator sets. The password policy is checked later.</summary>
internal sealed class NewPasswordReader : IJsonReader<NewPasswordReader, PasswordRequest, Password>
{
    public static ApiError BadLength => ApiError.BadRequest($"password must have 1 to {Password.MaximumLength} characters");

    public static ReadResult<Password> Read(PasswordRequest body) => Password.TryParse(body.Password, out var password) ? password : BadLength;
}

/// <summary>Reads the filter of a list of principals from the query string.</summary>
internal sealed class PrincipalFilterReader : IInputReader<PrincipalFilter>
{
    public static ApiError Bad => ApiError.BadRequest(
        $"role must be {WireNames.Roles}; state {WireNames.States}; query at most {UnicodeText.LongestLine} characters without control characters");

    public static void Document(EndpointBuilder endpoint)
    {
        endpoint.Metadata.Add(new ReadsParameter("query", "Part of id, name or e-mail, in any letter case"));
        endpoint.Metadata.Add(new ReadsParameter("role", WireNames.Roles));
        endpoint.Metadata.Add(new ReadsParameter("state", $"{WireNames.States}; without it all but the deleted ones"));
    }

    public static ValueTask<ReadResult<PrincipalFilter>> ReadAsync(HttpContext context) => ValueTask.FromResult(Read(context.Request.Query));

    private static ReadResult<PrincipalFilter> Read(IQueryCollection values)
    {
        var (query, role, state) = ((string?)values["query"], (string?)values["role"], (string?)values["state"]);
        Role? wantedRole = WireNames.TryParse(role, out Role parsedRole) ? parsedRole : null;
        PrincipalState? wantedState = WireNames.TryParse(state, out PrincipalState parsedState) ? parsedState : null;
        if ((query is not null && !UnicodeText.IsLine(query)) || (role is not null && wantedRole is null) || (state is not null && wantedState is null))
            return Bad;
        return new PrincipalFilter(query is null ? null : PrincipalName.Fold(query), wantedRole, wantedState);
    }
}

/// <summary>Reads the name and the expiry of a new API key.</summary>
internal sealed class NewApiKeyReader : IJsonReader<NewApiKeyReader, NewApiKeyRequest, WantedApiKey>
{
    public static ApiError Bad => ApiError.BadRequest($"name must have 1 to {UnicodeText.LineForm}");

    public static ReadResult<WantedApiKey> Read(NewApiKeyRequest body) =>
        body.Name is { Length: > 0 } name && UnicodeText.IsLine(name) ? new WantedApiKey(name, body.ExpireAt) : Bad;
}

/// <summary>Reads how long the old refresh token of a service stays valid beside the new one. Without a body it is not valid any more.</summary>
internal sealed class OverlapReader : IInputReader<TimeSpan>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static ApiError BadOverlap => ApiError.BadRequest($"overlap must be 0 to {Longest.TotalSeconds:0} seconds");

    public static void Document(EndpointBuilder endpoint) =>
        endpoint.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(RenewRefreshTokenRequest), isOptional: true));

    /// <summary>Refuses a body that cannot be read. To ignore it would drop the overlap that it asks for, and the service would be cut off.</summary>
    public static async ValueTask<ReadResult<TimeSpan>> ReadAsync(HttpContext context) =>
        JsonBody.IsSent(context) ? (await JsonBody.ReadAsync<RenewRefreshTokenRequest>(context)).Then(Check) : TimeSpan.Zero;

    private static ReadResult<TimeSpan> Check(RenewRefreshTokenRequest body) =>
        body.Overlap is { } seconds && (seconds < 0 || seconds > Longest.TotalSeconds) ? BadOverlap : TimeSpan.FromSeconds(body.Overlap ?? 0);
}
