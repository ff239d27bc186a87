using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http.Clients;

/// <summary>Repeats <see cref="GeneratedClientTests"/> for the .NET generators. It uses only one store, because both clients are built in one folder.</summary>
[Collection("sqlite 2")]
public sealed class DotNetClientTests(SqliteStore store)
{
    [Fact]
    public async Task The_clients_of_NSwag_and_Kiota_sign_in_refresh_and_claim()
    {
        var given = new Dictionary<string, Given>(StringComparer.Ordinal)
        {
            ["NSwag"] = await Given.NewAsync(store.Host),
            ["Kiota"] = await Given.NewAsync(store.Host),
        };

        var came = await DotNetClients.UseAsync(Given.DocumentOf(store.Host), given);

        Assert.All(given, entry => entry.Value.Check(came[entry.Key]));
    }
}
