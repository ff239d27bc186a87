using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>Clients that were generated from the document of the running service sign in, refresh and claim a token.</summary>
public abstract class GeneratedClientTests(AuthHost host)
{
    [Theory]
    [InlineData("hey-api")]
    [InlineData("openapi-typescript")]
    public async Task A_generated_client_signs_in_refreshes_and_claims(string generator)
    {
        var given = await Given.NewAsync(host);

        given.Check(await NodeClients.UseAsync(generator, given));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : GeneratedClientTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : GeneratedClientTests(store.Host);
}
