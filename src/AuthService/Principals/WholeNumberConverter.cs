using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthService.Principals;

/// <summary>Reads <c>3600.0</c> and <c>36e2</c> as whole numbers, because JSON has only one kind of number (RFC 8259, section 6).</summary>
internal sealed class WholeNumberConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number && reader.TryGetDecimal(out var number) && decimal.IsInteger(number)
        && number >= decimal.CreateChecked(T.MinValue) && number <= decimal.CreateChecked(T.MaxValue)
            ? T.CreateChecked(number)
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(long.CreateChecked(value));
}
