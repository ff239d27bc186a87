using System.Text.Json.Nodes;

namespace AuthService.Api.Http.Browser;

/// <summary>The examples of WebAuthn's JSON in the OpenAPI documents, shortened.</summary>
internal static class PasskeyExamples
{
    public const string Challenge = "2fa_h4Wd0…";

    public static readonly JsonObject SignInOptions = Parse(
        """{"challenge":"q7C0…","timeout":600000,"rpId":"auth.example.com","allowCredentials":[],"userVerification":"required"}""");

    public static readonly JsonObject ProofOptions = Parse(
        """
        {"challenge":"q7C0…","timeout":600000,"rpId":"auth.example.com","userVerification":"required",
         "allowCredentials":[{"type":"public-key","id":"YjU4…","transports":["internal","hybrid"]}]}
        """);

    public static readonly JsonObject CreationOptions = Parse(
        """
        {"rp":{"id":"auth.example.com","name":"auth.example.com"},"user":{"id":"MDE5OG…","name":"ada","displayName":"Ada Lovelace"},
         "challenge":"q7C0…","pubKeyCredParams":[{"type":"public-key","alg":-7}],"timeout":600000,"excludeCredentials":[],
         "authenticatorSelection":{"residentKey":"required","requireResidentKey":true,"userVerification":"required"},"attestation":"none"}
        """);

    public static readonly JsonObject Assertion = Parse(
        """
        {"id":"YjU4…","rawId":"YjU4…","type":"public-key","clientExtensionResults":{},
         "response":{"clientDataJSON":"eyJ0…","authenticatorData":"SZYN…","signature":"MEUC…","userHandle":"MDE5OG…"}}
        """);

    public static readonly JsonObject Attestation = Parse(
        """
        {"id":"YjU4…","rawId":"YjU4…","type":"public-key","clientExtensionResults":{},
         "response":{"clientDataJSON":"eyJ0…","attestationObject":"o2Nm…","transports":["internal","hybrid"]}}
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
