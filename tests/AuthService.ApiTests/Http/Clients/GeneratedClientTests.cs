using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>
/// Clients that were generated from the document of the running service sign in, refresh and claim a token. The store is no part of what they see.
/// </summary>
[Collection("sqlite 2")]
public sealed class GeneratedClientTests(SqliteStore store)
{
    [Theory]
    [InlineData("hey-api")]
    [InlineData("openapi-typescript")]
    public async Task A_generated_client_signs_in_refreshes_and_claims(string generator)
    {
        var given = await Given.NewAsync(store.Host);

        given.Check(await NodeClients.UseAsync(generator, given));
    }
}
