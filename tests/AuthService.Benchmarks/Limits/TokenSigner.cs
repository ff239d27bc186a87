using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Benchmarks.Limits;

/// <summary>Signs the same tokens as the service, with nothing in between. <see cref="Run.SameToken"/> checks that they are the same.</summary>
internal sealed class TokenSigner(string signingKeyPem, string issuer)
{
    private const int LifetimeSeconds = 2 * 60 * 60;
    private static readonly string[] Roles = ["USER", "ADMIN", "SERVICE", "PROVIDER"];
    private static readonly string[] PrincipalTypes = ["password", "service", "provider"];
    private static readonly Dictionary<string, object> Header = new(StringComparer.Ordinal) { ["typ"] = "at+jwt" };

    private readonly JsonWebTokenHandler _handler = new();
    private readonly SigningCredentials _credentials = new(ReadKey(signingKeyPem), SecurityAlgorithms.EcdsaSha256);

    public string Sign(FoundSession session, DateTimeOffset now)
    {
        var payload = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(payload, new JsonWriterOptions { SkipValidation = true }))
            WriteClaims(json, session, now.ToUnixTimeSeconds());
        return _handler.CreateToken(Encoding.UTF8.GetString(payload.WrittenSpan), _credentials, Header);
    }

    private void WriteClaims(Utf8JsonWriter json, FoundSession session, long now)
    {
        json.WriteStartObject();
        json.WriteString("iss"u8, issuer);
        json.WriteString("sub"u8, session.PrincipalId);
        json.WriteStartArray("aud"u8);
        foreach (var scope in session.Scopes.Split(' '))
            json.WriteStringValue(scope);
        json.WriteEndArray();
        json.WriteNumber("iat"u8, now);
        json.WriteNumber("exp"u8, Math.Min(now + LifetimeSeconds, session.ExpireAt / 1_000_000));
        json.WriteString("role"u8, Roles[session.Role]);
        json.WriteString("principalType"u8, PrincipalTypes[session.PrincipalType]);
        json.WriteStartArray("extendedByChain"u8);
        json.WriteEndArray();
        json.WriteString("publicSessionReference"u8, session.Id);
        json.WriteString("sid"u8, session.Id);
        WriteIfKnown(json, "firstNames"u8, session.FirstNames);
        WriteIfKnown(json, "lastName"u8, session.LastName);
        WriteIfKnown(json, "email"u8, session.Email);
        WriteIfKnown(json, "orgId"u8, session.OrgId);
        json.WriteBoolean("twoFactorAuthentication"u8, value: true);
        json.WriteNumber("auth_time"u8, session.AuthenticatedAt / 1_000_000);
        json.WriteStartArray("amr"u8);
        foreach (var method in session.AuthenticationMethods.Split(' '))
            json.WriteStringValue(method);
        json.WriteEndArray();
        json.WriteBoolean("serviceLicenseAgreement"u8, session.AgreementAccepted);
        json.WriteEndObject();
    }

    private static void WriteIfKnown(Utf8JsonWriter json, ReadOnlySpan<byte> claim, string? value)
    {
        if (value is not null)
            json.WriteString(claim, value);
    }

    private static ECDsaSecurityKey ReadKey(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return new ECDsaSecurityKey(key) { KeyId = "bench" };
    }
}
