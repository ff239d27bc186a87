using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthService.ApiTests.Auth;

/// <summary>
/// Simulates a browser and an authenticator with one passkey (WebAuthn). It behaves correctly by default; a test sets a property to
/// forge the value.
/// </summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte AttestedCredential = 0x40;
    private const int Es256 = -7;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whether the passkey is synced between devices. Such a passkey does not count its signatures.</summary>
    public bool IsSynced { get; init; }

    /// <summary>The signature counter, which grows by one with each signature.</summary>
    public uint Count { get; set; }

    /// <summary>The user handle that it got when the passkey was created.</summary>
    public string? UserHandle { get; set; }

    public string Origin { get; set; } = "http://localhost";

    public string RelyingPartyId { get; set; } = "localhost";

    /// <summary>A challenge to sign instead of the given one, or null.</summary>
    public string? Challenge { get; set; }

    /// <summary>A type to send instead of the correct one, or null.</summary>
    public string? Type { get; set; }

    public bool IsCrossOrigin { get; set; }

    public bool VerifiesUser { get; set; } = true;

    public bool SignsRight { get; set; } = true;

    /// <summary>Creates the passkey, like <c>navigator.credentials.create</c>.</summary>
    public JsonElement Create(JsonElement options)
    {
        UserHandle ??= options.GetProperty("user").GetProperty("id").GetString();
        var attestation = new CborWriter();
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(AuthenticatorData(AttestedCredential, [.. new byte[16], .. LengthOfId, .. CredentialId, .. PublicKey()]));
        attestation.WriteEndMap();
        return Credential(new
        {
            clientDataJSON = Base64Url.EncodeToString(ClientData(options, "webauthn.create")),
            attestationObject = Base64Url.EncodeToString(attestation.Encode()),
            transports = new[] { "internal", "no-such-transport" },
        });
    }

    /// <summary>Signs with the passkey, like <c>navigator.credentials.get</c>.</summary>
    public JsonElement Get(JsonElement options)
    {
        if (!IsSynced)
            Count++;
        var (data, client) = (AuthenticatorData(flags: 0, []), ClientData(options, "webauthn.get"));
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        if (!SignsRight)
            signed[^1] ^= 1;
        return Credential(new
        {
            clientDataJSON = Base64Url.EncodeToString(client),
            authenticatorData = Base64Url.EncodeToString(data),
            signature = Base64Url.EncodeToString(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            userHandle = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] LengthOfId
    {
        get
        {
            var length = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
            return length;
        }
    }

    private JsonElement Credential(object response) => JsonSerializer.SerializeToElement(new
    {
        id = Base64Url.EncodeToString(CredentialId),
        rawId = Base64Url.EncodeToString(CredentialId),
        type = "public-key",
        clientExtensionResults = new { },
        response,
    });

    private byte[] ClientData(JsonElement options, string type) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = Type ?? type,
        challenge = Challenge ?? options.GetProperty("challenge").GetString(),
        origin = Origin,
        crossOrigin = IsCrossOrigin,
    });

    private byte[] AuthenticatorData(byte flags, byte[] attested)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        flags |= (byte)(UserPresent | (VerifiesUser ? UserVerified : 0) | (IsSynced ? BackupEligible | BackedUp : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingPartyId)), flags, .. count, .. attested];
    }

    /// <summary>Encodes the public key as COSE (RFC 9053): an EC2 key for ES256 on P-256.</summary>
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        WriteNumber(1, 2);
        WriteNumber(3, Es256);
        WriteNumber(-1, 1);
        WriteBytes(-2, point.X!);
        WriteBytes(-3, point.Y!);
        cose.WriteEndMap();
        return cose.Encode();

        void WriteNumber(int label, int value)
        {
            cose.WriteInt32(label);
            cose.WriteInt32(value);
        }

        void WriteBytes(int label, byte[] value)
        {
            cose.WriteInt32(label);
            cose.WriteByteString(value);
        }
    }
}
