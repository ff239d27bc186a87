using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>Measures the first pages of lists, and the revocation of all sessions, for a person with ten thousand sessions and one with ten.</summary>
internal sealed class CrowdOfSessions(Stage stage, BenchmarkOptions turns)
{
    private const int Few = 10;
    private const int Many = 10_000;
    private const string PersonWithFew = "bench-few";
    private const string PersonWithMany = "bench-many";
    private const double PageGoal = 1.5;
    private const double AdminPageGoal = 3;
    private const double RevokeGoal = 1_000;

    private readonly string _password = "Bench-" + RandomNumberGenerator.GetHexString(24);

    public async Task MeasureAsync(ScaleReport report, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"making one person with {Few} sessions and one with {Many}");
        var few = await stage.AddPersonAsync(PersonWithFew, _password, Few, cancellationToken);
        var many = await stage.AddPersonAsync(PersonWithMany, _password, Many, cancellationToken);
        (string Route, byte[] OfFew, byte[] OfMany, double? Goal)[] lists =
        [
            ("GET /auth/sessions?itemsPerPage=10", Get("/auth/sessions?itemsPerPage=10", few), Get("/auth/sessions?itemsPerPage=10", many), PageGoal),
            ("GET /admin/principals/{id}/sessions?itemsPerPage=10", AdminGet(PersonWithFew), AdminGet(PersonWithMany), AdminPageGoal),
            ("GET /account/auth/sessions (no pages: up to 1,000)", Get("/account/auth/sessions", few), Get("/account/auth/sessions", many), null),
        ];

        var table = new MarkdownTable(
            "first page, one connection", "p50 ms of 10", "p50 ms of 10,000", "ratio", "p99 ms of 10,000", "bytes of 10", "bytes of 10,000");
        foreach (var (route, ofFew, ofMany, goal) in lists)
        {
            var results = InterleavedRounds.Run([RowOf($"{route}, {Few}", ofFew), RowOf($"{route}, {Many}", ofMany)], turns, cancellationToken);
            var (ten, crowd) = (results[0].Median, results[1].Median);
            var ratio = crowd.P50!.Value / ten.P50!.Value;
            table.Add(route, Milliseconds(ten.P50), Milliseconds(crowd.P50), Ratio(ratio), Milliseconds(crowd.P99), Count(Bytes(ofFew)), Count(Bytes(ofMany)));
            report.NoErrors(route, ten.Errors + crowd.Errors, ten.FirstError ?? crowd.FirstError);
            if (goal is { } most)
                report.AtMost($"{route} of a person with 10,000 sessions, of that with 10", ratio, most);
        }

        ScaleReport.Print("One person with 10,000 sessions", table);
        await RevokeAsync(many, report, cancellationToken);
    }

    private async Task RevokeAsync(string token, ScaleReport report, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var round = 1; round <= turns.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {turns.Rounds}: revoke-all");
            var start = Stopwatch.GetTimestamp();
            SingleCall.Body(stage.Service.Address, Request("DELETE", "/account/auth/sessions/all", token));
            times.Add(Stopwatch.GetElapsedTime(start));
            if (round < turns.Rounds)
                token = await stage.SignInAsync(PersonWithMany, _password, Many, cancellationToken);
        }

        times.Sort();
        var table = new MarkdownTable("DELETE /account/auth/sessions/all of 10,000", "fastest ms", "median ms", "slowest ms");
        table.Add("", Milliseconds(times[0]), Milliseconds(times[times.Count / 2]), Milliseconds(times[^1]));
        ScaleReport.Print("Revoke-all", table);
        report.AtMost("revoke-all of 10,000 sessions, median", times[times.Count / 2].TotalMilliseconds, RevokeGoal, " ms");
    }

    private Row RowOf(string name, byte[] request) =>
        new(name, stage.OnService(() => [new RepeatedRequests([request])]), Limit: null, turns.Interval);

    private double Bytes(byte[] request) => SingleCall.Body(stage.Service.Address, request).Length;

    private byte[] AdminGet(string person) => Get($"/admin/principals/{person}/sessions?itemsPerPage=10", stage.AdminToken);

    private static byte[] Get(string path, string token) => Request("GET", path, token);

    private static byte[] Request(string method, string path, string token) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n");
}
