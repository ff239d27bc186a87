using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>PostgreSQL takes a transaction back because of another one: the whole unit is done again, three times at most, and nothing is doubled.</summary>
public sealed class ConflictTests : IAsyncLifetime
{
    private AuthHost _host = null!;

    private static readonly string[] Hurt =
    [
        "login", "logout", "bulk invalidate", "claim", "one-time token", "extension", "create session", "enable for a product", "impersonation",
        "create application", "create application with a key", "magic link", "create person", "change person", "delete person", "set a password",
        "change the own password", "all sessions",
    ];

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(Store.Postgres);

    [Theory]
    [InlineData("40001", false)]
    [InlineData("40P01", false)]
    [InlineData("40001", true)]
    public async Task What_was_taken_back_is_done_again(string sqlState, bool atCommit)
    {
        foreach (var name in Hurt)
        {
            var flow = Flow.Deeds[name];
            var undisturbed = await flow.PrepareAsync(_host);
            var start = await Footprint.TakeAsync(_host.Database);
            await undisturbed().ExpectAsync(flow.Answer);
            var whole = (await Footprint.TakeAsync(_host.Database)).Since(start);
            var call = await flow.PrepareAsync(_host);
            var before = await Footprint.TakeAsync(_host.Database);

            await FailAsync(sqlState, atCommit, times: 2);
            using var response = await call();

            Assert.True(response.StatusCode == flow.Answer, $"{name}: {response.StatusCode} after two failures with {sqlState}");
            Assert.Equal((name, whole), (name, (await Footprint.TakeAsync(_host.Database)).Since(before)));
            await HealAsync();
        }

        ProofTable.Add("Faults", $"Taken back twice with {sqlState}{(atCommit ? " at the commit" : "")}", $"{Hurt.Length} kinds of call, each done once");
    }

    [Fact]
    public async Task What_is_taken_back_again_and_again_is_given_up_and_leaves_nothing()
    {
        foreach (var name in Hurt)
        {
            var flow = Flow.Deeds[name];
            var call = await flow.PrepareAsync(_host);
            var before = await Footprint.TakeAsync(_host.Database);

            await FailAsync("40001", atCommit: false, times: 1000);
            using var response = await call();
            var tries = await HealAsync();

            Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable, $"{name}: {response.StatusCode}");
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.InRange(tries, 2, 4);
            Assert.Equal((name, ""), (name, (await Footprint.TakeAsync(_host.Database)).Since(before)));
            await call().ExpectAsync(flow.Answer);
        }

        ProofTable.Add("Faults", "Taken back again and again with 40001", $"{Hurt.Length} kinds of call, 503 and nothing left");
    }

    /// <summary>A real one: the service holds the person and waits for the session, the test holds the session and waits for the person.</summary>
    [Fact]
    public async Task A_deadlock_costs_a_repeat_and_nothing_else()
    {
        var person = await _host.CreatePersonAsync();
        var session = await _host.LoginAsync(person);
        var admin = await _host.AdminTokenAsync();
        await using var other = new NpgsqlConnection(_host.Database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await LockAsync(other, $"SELECT 1 FROM sessions WHERE id = '{session.SessionId}' FOR UPDATE");

        var change = _host.PatchAsync(Administration.PathOf(person.Id), admin, new { role = "ADMIN" });
        await Task.Delay(TimeSpan.FromMilliseconds(300)); // whoever waits longer is the one who is taken back
        await LockAsync(other, $"SELECT 1 FROM principals WHERE id = '{person.Id}' FOR UPDATE");
        await transaction.RollbackAsync();

        await change.ExpectAsync(HttpStatusCode.OK);
        await _host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Single((await Books.ReadAsync(_host.Database)).Done("principal_changed"));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static async Task LockAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteScalarAsync();
    }

    /// <summary>The next so many transactions that put a deed on record fail. A sequence counts them: it is not taken back with them.</summary>
    private Task FailAsync(string sqlState, bool atCommit, int times) => _host.Database.ExecuteAsync(
        $"""
        CREATE SEQUENCE forced;
        CREATE FUNCTION force() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('forced') <= {times} THEN
                RAISE EXCEPTION 'forced' USING ERRCODE = '{sqlState}';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER forced AFTER INSERT ON audit_events
            DEFERRABLE INITIALLY {(atCommit ? "DEFERRED" : "IMMEDIATE")} FOR EACH ROW EXECUTE FUNCTION force();
        """);

    /// <returns>How often the deed was tried.</returns>
    private async Task<long> HealAsync()
    {
        await using var connection = new NpgsqlConnection(_host.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT last_value FROM forced", connection);
        var tries = (long)(await command.ExecuteScalarAsync())!;
        await _host.Database.ExecuteAsync("DROP TRIGGER forced ON audit_events; DROP FUNCTION force(); DROP SEQUENCE forced");
        return tries;
    }
}
