using System.Text.Json;
using AuthService.Api.Http;
using AuthService.Api.Http.OpenApi;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Signals;

/// <summary>The route with the metadata that receivers read first (SSF 1.0, section 7.2). It stands beside the other metadata.</summary>
internal static class SignalMetadataEndpoint
{
    public static void Map(RouteGroupBuilder wellKnown) =>
        wellKnown.MapGet("/ssf-configuration", Get).WithName("getSignalsMetadata").WithExamples(SignalExamples.Metadata)
            .WithSummary("Returns the metadata of the shared signals transmitter").Produces<SignalMetadata>();

    private static FileContentHttpResult Get(IOptionsMonitor<JwtOptions> options, IOptionsMonitor<PublicAddressOptions> where, HttpContext context)
    {
        var document = SignalMetadata.For(options.CurrentValue.Issuer, where.CurrentValue.PublicAddress);
        return CacheableDocument.Create(JsonSerializer.SerializeToUtf8Bytes(document, SignalJson.Default.SignalMetadata), context);
    }
}
