using System.Text.Json;
using System.Text.Json.Serialization;
using AuthService.Client.Calls;

namespace AuthService.Client.Revocations;

/// <summary>
/// An entry of the feed (src/AuthService.Client/README.md#revoked-tokens). The members that it has say what it revokes. Unknown members are ignored.
/// Times are seconds since 1970, with a fraction.
/// </summary>
internal sealed record Revocation
{
    public Guid? Sid { get; init; }

    public string? Sub { get; init; }

    public double? Before { get; init; }

    public long? SecurityStamp { get; init; }

    public Guid? ApiKeyId { get; init; }

    public string? ExtendedBy { get; init; }

    public string? TokenHash { get; init; }

    /// <summary>The time after which every token that the entry revokes has expired.</summary>
    [JsonRequired]
    public double Until { get; init; }

    /// <summary>Reads an entry.</summary>
    /// <returns>Null when the entry is malformed.</returns>
    public static Revocation? Read(JsonElement entry)
    {
        try
        {
            return entry.Deserialize(ClientJson.Default.Revocation);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
