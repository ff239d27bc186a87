using AuthService.Api.Http.OpenApi;

namespace AuthService.Api.OAuth;

/// <summary>The examples of keys and metadata in the OpenAPI document.</summary>
internal static class WellKnownExamples
{
    public static readonly OperationExamples Keys = new()
    {
        Answers =
        {
            ["One key, ES256"] = new KeySetDocument(
                [new KeyDocument("EC", "2026-03", "sig", "ES256") { Crv = "P-256", X = "f83OJ3D2xF1B…", Y = "x_FEzRu9m36H…" }]),
        },
    };

    public static readonly OperationExamples Metadata = new()
    {
        Answers = { ["As configured"] = MetadataDocument.For("https://auth.example.com", "https://auth.example.com") },
    };
}
