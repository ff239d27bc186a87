using System.Globalization;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The shortened times are tested: a row stays leased until an instance takes it, and the first retry comes when the service says.</summary>
public sealed class AbandonedWorkTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Postgres)]
    public async Task Only_old_leases_and_long_pauses_end_now(Store store)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(store);
        await WriteAsync(database, "new", attempts: 0, next: 60, leased: null);
        await WriteAsync(database, "first retry", attempts: 1, next: 10, leased: null);
        await WriteAsync(database, "later retry", attempts: 2, next: 300, leased: null);
        await WriteAsync(database, "being sent", attempts: 1, next: -2, leased: 178);
        await WriteAsync(database, "abandoned", attempts: 1, next: -10, leased: 170);
        await WriteAsync(database, "passed", attempts: 1, next: -600, leased: -1);
        var arrived = await WriteAsync(database, "arrived", attempts: 1, next: -10, leased: 170);

        await AbandonedWork.HastenAsync(database, Now, arrived);

        await ExpectAsync(database, "new", next: 60, leased: null);
        await ExpectAsync(database, "first retry", next: 10, leased: null);
        await ExpectAsync(database, "later retry", next: 0, leased: null);
        await ExpectAsync(database, "being sent", next: -2, leased: 178);
        await ExpectAsync(database, "abandoned", next: -10, leased: 0);
        await ExpectAsync(database, "passed", next: -600, leased: -1);
        await ExpectAsync(database, "arrived", next: -10, leased: 170);
    }

    /// <summary>Writes a mail, with times in seconds from now.</summary>
    private static async Task<Guid> WriteAsync(TestDatabase database, string name, int attempts, int next, int? leased)
    {
        var id = Guid.NewGuid();
        await database.ExecuteAsync(
            $"""
            INSERT INTO outbox_mails (id, kind, key_id, sealed_content, created_at, attempts, next_attempt_at, claimed_until, expire_at)
            VALUES ('{id}', '{name}', 'key', 'content', 0, {attempts}, {At(next)}, {(leased is { } until ? At(until) : "NULL")}, {At(86_400)})
            """);
        return id;
    }

    private static async Task ExpectAsync(TestDatabase database, string name, int next, int? leased)
    {
        var until = leased is { } at ? $"claimed_until = {At(at)}" : "claimed_until IS NULL";
        Assert.True(await database.CountAsync($"outbox_mails WHERE kind = '{name}' AND next_attempt_at = {At(next)} AND {until}") is 1, name);
    }

    private static string At(int seconds) => ((Now.ToUnixTimeSeconds() + seconds) * 1_000_000).ToString(CultureInfo.InvariantCulture);
}
