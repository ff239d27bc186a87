using System.Text.Json;
using AuthService.Api.Http;
using AuthService.Api.Http.OpenApi;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Api.OAuth;

/// <summary>
/// The routes with everything that others need to verify our tokens themselves: the public keys (RFC 7517), and the metadata with their address (RFC 8414).
/// </summary>
internal static class WellKnownEndpoints
{
    public static void Map(RouteGroupBuilder wellKnown)
    {
        wellKnown.MapGet(PublicNames.Keys, Keys).WithName("getKeys").WithExamples(WellKnownExamples.Keys)
            .WithSummary("Lists the public signing keys, including future and retired ones").Produces<KeySetDocument>();
        wellKnown.MapGet("/oauth-authorization-server", Metadata).WithName("getServerMetadata").WithExamples(WellKnownExamples.Metadata)
            .WithSummary("Returns the server metadata: the endpoints of this service (RFC 8414)").Produces<MetadataDocument>();
        wellKnown.MapGet("/openid-configuration", Metadata).WithName("getOpenIdConfiguration").WithExamples(WellKnownExamples.Metadata)
            .WithSummary("Returns the server metadata at the path of OpenID Connect Discovery").Produces<MetadataDocument>();
    }

    private static FileContentHttpResult Keys(SigningKeyRing ring, TimeProvider clock, HttpContext context)
    {
        var keys = ring.Current.Published(clock.GetUtcNow()).Select(key => key.ToPublicJwk()).OfType<JsonWebKey>().Select(KeyDocument.From);
        return CacheableDocument.Create(JsonSerializer.SerializeToUtf8Bytes(new KeySetDocument([.. keys]), OAuthJson.Default.KeySetDocument), context);
    }

    private static FileContentHttpResult Metadata(IOptionsMonitor<JwtOptions> options, IOptionsMonitor<PublicAddressOptions> where, HttpContext context)
    {
        var document = MetadataDocument.For(options.CurrentValue.Issuer, where.CurrentValue.PublicAddress);
        return CacheableDocument.Create(JsonSerializer.SerializeToUtf8Bytes(document, OAuthJson.Default.MetadataDocument), context);
    }
}
