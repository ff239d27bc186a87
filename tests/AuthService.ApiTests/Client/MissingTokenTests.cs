using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Client;

/// <summary>A missing user's token is an error. The call is never made with the service's own credential.</summary>
public abstract class MissingTokenTests(AuthHost host)
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Nothing_is_called_without_the_token_that_the_call_is_about(string? token)
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync("_svc"));

        await Assert.ThrowsAnyAsync<ArgumentException>(() => files.Auth.RequestOneTimeTokenAsync(token!, ["files:write"]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => files.Auth.ExtendAsync(token!, ["files:write"], TimeSpan.FromMinutes(1)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => files.Auth.IntrospectAsync(token!));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => files.Auth.ClaimAsync(token!));

        Assert.Empty(files.Gateway.LastBearer);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : MissingTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : MissingTokenTests(store.Host);
}
