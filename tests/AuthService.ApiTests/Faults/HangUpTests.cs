using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Callers disconnect at every stage of a call: nothing is written in part, and the service logs no error.</summary>
public abstract class HangUpTests(Store store) : IAsyncLifetime
{
    private AuthHost _host = null!;
    private string _service = "";
    private Person _person = null!;

    public async Task InitializeAsync()
    {
        _host = await AuthHost.StartAsync(store);
        _service = await _host.NewServiceTokenAsync();
        _person = await _host.CreatePersonAsync();
    }

    [Fact]
    public async Task Whoever_hangs_up_leaves_nothing_half_written()
    {
        var (random, calls) = (new Random(Effort.Seed), 0);
        for (var round = 0; round < Effort.Of(3, 200); round++)
        {
            foreach (var request in await RequestsAsync())
            {
                var headers = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
                int[] stages = [0, 1, random.Next(headers), headers, headers + ((request.Length - headers) / 2), request.Length];
                foreach (var stage in stages)
                {
                    await SendAndHangUpAsync(request[..stage], TimeSpan.FromMilliseconds(random.Next(8)));
                    calls++;
                }
            }
        }

        await Task.Delay(TimeSpan.FromMilliseconds(500)); // until calls that still run have finished
        await _host.LoginAsync(_person);
        await _host.TryClaimAsync(_service, NewName("jti")).ExpectAsync(HttpStatusCode.NoContent);
        Checker.Expect([.. (await DatabaseSnapshot.ReadAsync(_host.Database)).FindHalves()]);
        Checker.Expect([.. _host.Log.Lines.Where(line => line.Split(' ')[0] is "Error" or "Critical")]);
        ProofTable.Add("Faults", $"Callers who hang up at every stage, {store}", $"{calls} hang-ups, 0 halves, seed {Effort.Seed}");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Creates one request of each kind, as its bytes are sent.</summary>
    private async Task<string[]> RequestsAsync()
    {
        var session = await _host.LoginAsync(_person);
        var (login, bulk) = ($"username={_person.Id}&password={_person.Password}&service=app", $$"""{"tokens":["{{session.RefreshToken}}"]}""");
        var bearer = $"Authorization: Bearer {_service}";
        return
        [
            Post("/auth/login", login, "application/x-www-form-urlencoded", "Accept: application/json"),
            Post("/auth/claim", $$"""{"jti":"{{NewName("jti")}}"}""", "application/json", bearer),
            Post("/auth/logout/bulk", bulk, "application/json", bearer),
            Post("/api/v1/app", $$"""{"name":"{{NewName("name")}}"}""", "application/json", $"{bearer}\r\nIdempotency-Key: {NewName("key")}"),
            Post("/api/v1/app", $$"""{"name":"{{NewName("name")}}"}""", "application/json", bearer),
        ];
    }

    private static string Post(string path, string body, string type, string header) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{header}\r\n\r\n{body}";

    /// <summary>
    /// Sends a part of a request and disconnects with a reset, which the service notices in any state. A TcpClient would close the connection
    /// regularly first.
    /// </summary>
    private async Task SendAndHangUpAsync(string part, TimeSpan after)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        await socket.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(part));
        await Task.Delay(after);
    }

    public sealed class OnSqlite() : HangUpTests(Store.Sqlite);

    public sealed class OnPostgres() : HangUpTests(Store.Postgres);
}
