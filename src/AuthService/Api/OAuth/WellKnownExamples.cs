using AuthService.Api.Http;

namespace AuthService.Api.OAuth;

/// <summary>What the document of the keys and metadata shows.</summary>
internal static class WellKnownExamples
{
    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("GET /.well-known/jwks.json")
        {
            Answers =
            {
                ["One key, ES256"] = new KeySetDocument([new KeyDocument("EC", "2026-03", "sig", "ES256") { Crv = "P-256", X = "f83OJ3D2xF1B…", Y = "x_FEzRu9m36H…" }]),
            },
        },
        new("GET /.well-known/oauth-authorization-server")
        {
            Answers =
            {
                ["As configured"] = new MetadataDocument(
                    "https://auth.example.com", "https://auth.example.com/.well-known/jwks.json", "https://auth.example.com/auth/refresh", [])
                {
                    IntrospectionEndpoint = "https://auth.example.com/oauth/introspect",
                    IntrospectionEndpointAuthMethodsSupported = ["Bearer"],
                    RevocationEndpoint = "https://auth.example.com/oauth/revoke",
                },
            },
        },
    ];
}
