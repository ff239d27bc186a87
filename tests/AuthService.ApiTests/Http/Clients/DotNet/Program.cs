// Uses the client of the generator named on the command line, and writes the results.
using System.Text.Json;
using GeneratedClients;

var given = JsonSerializer.Deserialize<Given>(args[1], JsonSerializerOptions.Web)!;
using var http = new HttpClient();
if (args[0] is "NSwag")
    http.BaseAddress = given.Server;
Console.Write(args[0] is "NSwag" ? await NSwagCaller.UseAsync(http, given) : await KiotaCaller.UseAsync(http, given));

namespace GeneratedClients
{
    internal sealed record Given(Uri Document, Uri Server, string Username, string Password, string ServiceToken, string Jti);
}
