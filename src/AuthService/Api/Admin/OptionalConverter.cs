using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Principals;

namespace AuthService.Api.Admin;

/// <summary>Distinguishes a member that is null from one that is missing (RFC 7396).</summary>
internal sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
    where T : class
{
    public override bool HandleNull => true;

    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(IsGiven: true, JsonSerializer.Deserialize<T>(ref reader, options));

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, options);
}
