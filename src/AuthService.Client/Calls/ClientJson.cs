using System.Text.Json.Serialization;
using AuthService.Client.Revocations;

namespace AuthService.Client.Calls;

internal sealed record ClaimBody(string Jti);

internal sealed record AudienceBody(string Audience);

internal sealed record ExtensionBody(
    [property: JsonPropertyName("validJWT")] string ValidJwt, IReadOnlyList<string> RequestedScopes, long ExpiresIn, bool AllowRefreshes);

internal sealed record InvalidationBody(IReadOnlyList<string> Tokens);

internal sealed record EnableProductBody(bool DisableOldestSessions);

internal sealed record ImpersonationBody(Guid UserUuid, string? Reason);

internal sealed record StoredTokenBody(string Id, string Value);

internal sealed record AccessTokenBody(string AccessToken);

/// <summary>The names of RFC 7662 and of our access tokens; times are seconds since 1970.</summary>
internal sealed record IntrospectionBody(
    bool Active,
    [property: JsonPropertyName("token_use")] string? TokenUse,
    string? Sub,
    IReadOnlyList<string>? Aud,
    Guid? Sid,
    string? Role,
    IReadOnlyList<string>? ExtendedByChain,
    ActorBody? Act,
    string? Jti,
    long? Iat,
    long? Exp)
{
    public TokenIntrospection ToIntrospection() => new(Active)
    {
        TokenUse = TokenUse,
        Subject = Sub,
        Scopes = Aud ?? [],
        SessionId = Sid,
        Role = Role,
        ExtendedByChain = ExtendedByChain ?? [],
        Actor = Act?.Subject,
        Jti = Jti,
        IssuedAt = ToMoment(Iat),
        ExpiresAt = ToMoment(Exp),
    };

    private static DateTimeOffset? ToMoment(long? seconds) => seconds is { } known ? DateTimeOffset.FromUnixTimeSeconds(known) : null;
}

internal sealed record ActorBody([property: JsonPropertyName("sub")] string Subject);

/// <summary>An error in any of the service's dialects: each says its code and its text under names of its own.</summary>
internal sealed record ErrorBody(string? Why, string? ErrorCode, string? Message, string? Description, string? Error, string? TraceId)
{
    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    public string? Code => ErrorCode ?? Error ?? (Description is null ? null : Message);

    public string? Text => Why ?? ErrorDescription ?? Description;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UpperCaseNames<SessionState>), typeof(UpperCaseNames<UserState>)])]
[JsonSerializable(typeof(ClaimBody))]
[JsonSerializable(typeof(AudienceBody))]
[JsonSerializable(typeof(ExtensionBody))]
[JsonSerializable(typeof(InvalidationBody))]
[JsonSerializable(typeof(EnableProductBody))]
[JsonSerializable(typeof(ImpersonationBody))]
[JsonSerializable(typeof(StoredTokenBody))]
[JsonSerializable(typeof(AccessTokenBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ExtendedToken))]
[JsonSerializable(typeof(OneTimeToken))]
[JsonSerializable(typeof(IntrospectionBody))]
[JsonSerializable(typeof(NewSession))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(FeedAnswer))]
[JsonSerializable(typeof(Revocation))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>The service writes states in capitals.</summary>
internal sealed class UpperCaseNames<T>() : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;
