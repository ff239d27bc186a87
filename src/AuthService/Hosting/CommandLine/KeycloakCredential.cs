using System.Text.Json;
using System.Text.Json.Serialization;

namespace AuthService.Hosting.CommandLine;

/// <summary>
/// A password as Keycloak exports it: the JSON texts <c>credentialData</c> (algorithm and cost) and <c>secretData</c> (hash and salt) of a
/// credential of the type <c>password</c>.
/// </summary>
internal static class KeycloakCredential
{
    /// <returns>The hash in the form in which it is stored. For an unknown algorithm it is a text that no verifier recognizes.</returns>
    /// <exception cref="JsonException">One of the texts is not JSON of this form.</exception>
    public static string ToHash(string credentialData, string secretData)
    {
        var credential = JsonSerializer.Deserialize(credentialData, KeycloakJson.Default.Credential);
        var secret = JsonSerializer.Deserialize(secretData, KeycloakJson.Default.Secret);
        var (salt, hash) = (secret?.Salt?.TrimEnd('='), secret?.Value?.TrimEnd('='));
        return credential?.Algorithm switch
        {
            "argon2" => $"$argon2{Parameter("type")}$v={(Parameter("version") is "1.3" ? "19" : Parameter("version"))}"
                + $"$m={Parameter("memory")},t={credential.HashIterations},p={Parameter("parallelism")}${salt}${hash}",
            "pbkdf2" or "pbkdf2-sha256" or "pbkdf2-sha512" => $"${credential.Algorithm}${credential.HashIterations}${salt}${hash}",
            var other => $"{other} of Keycloak",
        };

        string? Parameter(string name) => credential?.AdditionalParameters?.GetValueOrDefault(name)?.FirstOrDefault();
    }

    internal sealed record Credential(string? Algorithm, int HashIterations, Dictionary<string, string[]>? AdditionalParameters);

    internal sealed record Secret(string? Value, string? Salt);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16)]
[JsonSerializable(typeof(KeycloakCredential.Credential))]
[JsonSerializable(typeof(KeycloakCredential.Secret))]
internal sealed partial class KeycloakJson : JsonSerializerContext;
