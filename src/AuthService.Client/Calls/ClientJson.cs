using System.Text.Json;
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

/// <summary>The answer to an introspection, with the names of RFC 7662 and of our access tokens. Times are seconds since 1970.</summary>
internal sealed record IntrospectionBody(
    bool Active,
    [property: JsonPropertyName("token_use")] string? TokenUse = null,
    string? Sub = null,
    IReadOnlyList<string>? Aud = null,
    Guid? Sid = null,
    string? Role = null,
    IReadOnlyList<string>? ExtendedByChain = null,
    ActorBody? Act = null,
    string? Jti = null,
    [property: JsonConverter(typeof(UnixSeconds))] DateTimeOffset? Iat = null,
    [property: JsonConverter(typeof(UnixSeconds))] DateTimeOffset? Exp = null)
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
        IssuedAt = Iat,
        ExpiresAt = Exp,
    };
}

internal sealed record ActorBody([property: JsonPropertyName("sub")] string Subject);

/// <summary>An error of any API of the service. Each API has its own names for the code and the text.</summary>
internal sealed record ErrorBody(
    string? Why = null, string? ErrorCode = null, string? Message = null, string? Description = null, string? Error = null, string? TraceId = null)
{
    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    public string? Code => ErrorCode ?? Error ?? (Description is null ? null : Message);

    public string? Text => Why ?? ErrorDescription ?? Description;
}

/// <summary>Refuses an answer in which a required member is missing or null, because it is not AuthService's. Optional members have a default.</summary>
[JsonSourceGenerationOptions(
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
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

/// <summary>Reads and writes states in capitals, as the service does.</summary>
internal sealed class UpperCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;

internal sealed class UnixSeconds : JsonConverter<DateTimeOffset>
{
    private static readonly (long First, long Last) Range = (DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out var seconds) && seconds >= Range.First && seconds <= Range.Last
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new JsonException("No seconds since 1970");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeSeconds());
}
