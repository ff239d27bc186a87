extern alias package;

using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using package::AuthService.Client;
using package::AuthService.Client.Bearer;
using Xunit;

namespace AuthService.UnitTests.Client;

public sealed class PublishedKeysTests
{
    /// <summary>While the machine slept, the key may have been withdrawn.</summary>
    [Theory]
    [InlineData(600, 0)]
    [InlineData(0, 600)]
    [InlineData(600, -60)]
    public async Task After_a_sleep_a_known_key_is_used_only_when_it_is_still_published(int monotonicMinutes, int wallMinutes)
    {
        var clock = new TwoClocks();
        using var service = new KeyDocument();
        var options = Options.Create(new AuthServiceBearerOptions { Issuer = "https://auth.example.com" });
        using var keys = new PublishedKeys(service, options, clock, NullLogger<PublishedKeys>.Instance);
        service.Publish("old");
        Assert.NotNull(await keys.FindAsync("old"));
        service.Publish("new");
        Assert.NotNull(await keys.FindAsync("old"));

        clock.Monotonic += TimeSpan.FromMinutes(monotonicMinutes);
        clock.Wall += TimeSpan.FromMinutes(wallMinutes);

        Assert.Null(await keys.FindAsync("old"));
        Assert.NotNull(await keys.FindAsync("new"));
    }

    /// <summary>Answers every call with a document of one key.</summary>
    private sealed class KeyDocument : HttpMessageHandler, IHttpClientFactory
    {
        private string _document = "";

        public void Publish(string keyId)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            _document = $$"""
                {"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"{{keyId}}",
                "x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}]}
                """;
        }

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(_document) });
    }
}
