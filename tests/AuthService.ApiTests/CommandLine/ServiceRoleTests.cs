using System.Net;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The command <c>migrate --grant-to</c> lets the service run with a PostgreSQL role that does not own the schema.</summary>
public sealed class ServiceRoleTests : IAsyncLifetime, IDisposable
{
    private readonly ServiceFolder _folder = new();
    private readonly string _role = $"service-{Guid.NewGuid():N}";
    private readonly string _password = Guid.NewGuid().ToString("N");
    private TestDatabase _database = null!;

    private Settings Owner => ServiceFolder.ForProduction().With(_database.Settings);

    private string RoleAddress =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = _role, Password = _password, Pooling = false }.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(Store.Postgres);
        await _database.ExecuteAsync($"CREATE ROLE \"{_role}\" LOGIN PASSWORD '{_password}'");
        (await _folder.RunAsync(Owner, ["migrate", "--grant-to", _role])).Expect(0);
    }

    [Fact]
    public async Task The_service_runs_with_it_and_leaves_old_audit_entries_to_the_owner()
    {
        var settings = Owner.With(new()
        {
            ["ConnectionStrings:Postgres"] = RoleAddress,
            ["Database:MigrateOnStart"] = "false",
            ["CleanUp:Interval"] = "00:00:01",
            ["Audit:Retention"] = "1.00:00:00",
        });
        await using var service = _folder.Start(settings);
        await service.WaitUntilReadyAsync();
        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        await _database.ExecuteAsync("UPDATE audit_events SET at = at - 172800000000");
        await _database.ExecuteAsync("UPDATE sessions SET expire_at = 1");

        for (var tries = 0; await _database.CountAsync("sessions") > 0; tries++) // until the clean-up has run
        {
            Assert.True(tries < 300, "nothing is cleaned up");
            await Task.Delay(100);
        }

        var kept = await _database.CountAsync("audit_events");
        var purged = await _folder.RunProcessAsync(Owner.With(new() { ["Audit:Retention"] = "1.00:00:00" }), ["audit", "purge"]);

        Assert.True(kept >= 2, $"{kept} entries");
        Assert.Equal($"{kept} audit entries were deleted.", purged.Line);
        Assert.DoesNotContain(service.Output, line => line.Contains("permission denied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_grant_is_a_fault_and_not_a_reason_to_try_again()
    {
        var settings = Owner.With(new() { ["ConnectionStrings:Postgres"] = RoleAddress, ["Database:MigrateOnStart"] = "false" });
        await using var service = _folder.Start(settings);
        await service.WaitUntilReadyAsync();
        await _database.ExecuteAsync($"REVOKE INSERT ON audit_events FROM \"{_role}\"");

        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("UPDATE audit_events SET detail = 'forged'")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("TRUNCATE audit_events")]
    [InlineData("DELETE FROM \"__EFMigrationsHistory\"")]
    [InlineData("CREATE TABLE mine (id int)")]
    [InlineData("ALTER TABLE principals ADD COLUMN mine int")]
    [InlineData("DROP TABLE sessions")]
    [InlineData("COPY principals TO PROGRAM 'true'")]
    public async Task It_can_do_no_more(string statement)
    {
        await using var source = NpgsqlDataSource.Create(RoleAddress);
        await using var command = source.CreateCommand(statement);

        var refused = await Assert.ThrowsAsync<PostgresException>(command.ExecuteNonQueryAsync);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task SQLite_has_no_roles()
    {
        await using var embedded = await TestDatabase.CreateAsync(Store.Sqlite);

        (await _folder.RunAsync(ServiceFolder.ForProduction().With(embedded.Settings), ["migrate", "--grant-to", _role])).Refused(1, "--grant-to");
    }

    public async Task DisposeAsync()
    {
        await _database.ExecuteAsync($"DROP OWNED BY \"{_role}\"; DROP ROLE \"{_role}\"");
        await _database.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
