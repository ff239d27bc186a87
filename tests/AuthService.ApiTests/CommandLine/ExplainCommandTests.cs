using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>An operator can find out by command why a call was refused.</summary>
public abstract class ExplainCommandTests(AuthHost host)
{
    [Fact]
    public async Task A_recorded_refusal_is_shown_with_its_reason()
    {
        var person = await host.CreatePersonAsync();
        var traceId = await host.TryLoginAsync(person.Id, NewPassword()).TraceIdAsync();
        var recorded = await host.RefusalOfAsync(traceId);

        var shown = (await host.RunProcessAsync(["explain", traceId.ToUpperInvariant()])).Expect(0);

        var lines = shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  \w+ was answered 401 ", lines[0]);
        Assert.Contains(lines, line => line.StartsWith($"  {recorded.Text("reason")}: ", StringComparison.Ordinal));
        Assert.Contains($"  about: {person.Id}", lines, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_no_trace_id_or_was_not_refused_is_told()
    {
        (await host.RunAsync(["explain", "7"])).Refused(1, "A trace id is 32 hexadecimal digits");
        (await host.RunAsync(["explain", new string('0', 32)])).Refused(1, "No call of this trace was refused");
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ExplainCommandTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ExplainCommandTests(store.Host);
}
