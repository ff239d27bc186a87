using System.Text;
using System.Text.RegularExpressions;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Service;
using Npgsql;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Prints the plans of the statements that the service sends. PostgreSQL's auto_explain writes them with their buffers to its log, where they are read.
/// </summary>
internal sealed partial class HotStatements(Stage stage)
{
    /// <summary>
    /// The number of calls. Npgsql prepares a statement when it is sent for the fifth time, and PostgreSQL may use a generic plan from the sixth execution on.
    /// </summary>
    private const int Calls = 12;

    /// <summary>One and a half batches of expired sessions, so that no third batch runs without a row.</summary>
    private const int Expired = 750;

    private const string AreAnyExpired = "SELECT EXISTS (SELECT FROM sessions WHERE expire_at < extract(epoch FROM now()) * 1000000)";
    private const string Person = "bench-plans";
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    public async Task PrintAsync(CancellationToken cancellationToken)
    {
        var password = Guid.NewGuid().ToString();
        var token = await stage.AddPersonAsync(Person, password, sessions: 10_000, cancellationToken);
        var service = await ServiceTokenAsync(cancellationToken);
        await stage.Fill.AddExpiredAsync(Expired, cancellationToken);

        await using var connection = await LongStatements.OpenAsync(stage.ConnectionString, cancellationToken);
        await WatchAsync(connection, cancellationToken);
        var start = await connection.ReadAsync<long>("SELECT (pg_stat_file(pg_current_logfile())).size", cancellationToken);
        await using (var instance = await stage.StartInstanceAsync(CleanUpInterval, cancellationToken))
        {
            Call(instance, await IdsAsync(connection, cancellationToken), service, token);
            while (await connection.ReadAsync<bool>(AreAnyExpired, cancellationToken))
                await Task.Delay(Look, cancellationToken);
            SingleCall.Body(instance.Address, Request("DELETE", "/account/auth/sessions/all", token));
        }

        var log = await connection.ReadAsync<string>($"SELECT pg_read_file(pg_current_logfile(), {start}, 100000000)", cancellationToken);
        foreach (var plan in LastOfEach(log))
            ScaleReport.Print("Plan", $"```\n{plan}\n```\n");
    }

    private void Call(ServiceInstance instance, Guid[] ids, string service, string token)
    {
        Console.Error.WriteLine("calling what sends the hot statements");
        for (var call = 0; call < Calls; call++)
        {
            SingleCall.Body(instance.Address, Request("POST", "/auth/refresh", stage.TokenOf(2 * call)));
            SingleCall.Body(instance.Address, Request("POST", "/auth/refresh", stage.TokenOf(2 * call + 1)));
            SingleCall.Body(instance.Address, Request("GET", $"/sessions/{ids[call]}", service));
            SingleCall.Body(instance.Address, Request("GET", $"/sessions/{ids[call]}?keepAlive", service));
            SingleCall.Body(instance.Address, Request("GET", "/auth/sessions", token));
            SingleCall.Body(instance.Address, Request("GET", "/account/auth/sessions", token));
            SingleCall.Body(instance.Address, Request("GET", "/account/auth/sessions/count", token));
            SingleCall.Body(instance.Address, Request("GET", $"/admin/principals/{Person}/sessions", stage.AdminToken));
        }
    }

    private async Task<string> ServiceTokenAsync(CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(stage.Service);
        return await client.RefreshAsync(await client.CreateServiceAsync(stage.AdminToken, "_bench", cancellationToken), cancellationToken);
    }

    /// <summary>Turns auto_explain on for every connection that is opened from now on.</summary>
    private static async Task WatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string[] settings =
        [
            "session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0", "auto_explain.log_analyze = on", "auto_explain.log_buffers = on",
        ];
        foreach (var setting in settings)
            await connection.ExecuteAsync($"ALTER DATABASE {connection.Database} SET {setting}", cancellationToken);
    }

    private static Task<Guid[]> IdsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.ReadAsync<Guid[]>(
        $"SELECT array_agg(id) FROM (SELECT id FROM sessions WHERE mode = 1 AND suspend_at < expire_at LIMIT {Calls}) AS found", cancellationToken);

    /// <summary>Returns the last plan of each statement about sessions: its text, then the plan.</summary>
    private static string[] LastOfEach(string log)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match entry in Entry().Matches(log))
        {
            var plan = entry.Groups["plan"].Value.Replace("\n\t", "\n", StringComparison.Ordinal).Trim();
            var statement = plan.Split("(cost=", 2)[0];
            if (statement.Contains("sessions", StringComparison.Ordinal))
                last[statement] = $"{entry.Groups["duration"].Value} ms\n{plan}";
        }

        return [.. last.Values];
    }

    private static byte[] Request(string method, string path, string token) => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Length: 0\r\nAuthorization: Bearer {token}\r\n\r\n");

    /// <summary>Matches an entry with a plan. All its lines except the first begin with a tab.</summary>
    [GeneratedRegex(@"duration: (?<duration>[0-9.]+) ms  plan:\n(?<plan>(?:\t[^\n]*\n)+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Entry();
}
