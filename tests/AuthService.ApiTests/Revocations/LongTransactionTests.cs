using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.Revocations;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// While a transaction stays open on the database server, for example a backup, each later revocation is read exactly once. The
/// commit order does not advance past the open transaction.
/// </summary>
[Collection("postgres")]
public sealed class LongTransactionTests(PostgresStore store)
{
    private const int Many = 500;
    private const long Week = 7L * 24 * 60 * 60 * 1_000_000;

    [Fact]
    public async Task What_was_read_is_not_read_again_and_nothing_is_missed_when_it_is_over()
    {
        await using var own = await store.Host.StartAnotherAsync();
        await using var held = await own.Database.BeginAsync(InsertOf("late", 1));
        await using var other = await own.Database.BeginAsync(InsertOf("later", 1));
        var begun = await ReadAllAsync(own);
        await own.Database.ExecuteAsync(InsertOf("early", Many));

        var first = await ReadAsync(own, begun);
        var second = await ReadAsync(own, first);
        await other.Transaction.CommitAsync();
        var third = await ReadAsync(own, second);
        await own.Database.ExecuteAsync(InsertOf("afterwards", 1));
        var fourth = await ReadAsync(own, third);
        await held.Transaction.CommitAsync();
        var fifth = await ReadAsync(own, fourth);

        Assert.Equal([Many, 0, 1, 1, 1], new[] { first, second, third, fourth, fifth }.Select(read => read.Revocations.Count));
        Assert.Equal(["later 1", "afterwards 1", "late 1"], new[] { third, fourth, fifth }.Select(read => read.Revocations[0].Subject), StringComparer.Ordinal);
        Assert.Equal(Many + 3, (await ReadAllAsync(own)).Revocations.Count);
    }

    [Fact]
    public async Task The_feed_hands_all_of_it_on()
    {
        await using var own = await store.Host.StartAnotherAsync();
        var validator = new OfflineValidator(own, await own.NewServiceTokenAsync());
        await validator.ReadAsync();
        var late = Guid.NewGuid();
        await using var held = await own.Database.BeginAsync(
            $"INSERT INTO ended_sessions (id, principal_number, reason, ended_at, expire_at) VALUES ('{late}', 1, 0, {Now}, {Now + Week})");

        for (var i = 0; i < 3; i++)
        {
            var session = await own.SignedInPersonAsync();
            await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
            await validator.LearnsOfAsync(session.AccessToken);
        }

        await held.Transaction.CommitAsync();
        await validator.LearnsOfSessionAsync(late);
    }

    private static string InsertOf(string subject, int count) =>
        $"""
        INSERT INTO identity_revocations (subject, security_stamp, revoked_at, forget_at)
        SELECT '{subject} ' || n, 1, {Now}, {Now + Week} FROM generate_series(1, {count}) AS n
        """;

    /// <summary>The current time in microseconds since 1970.</summary>
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;

    private static Task<RevocationsRead> ReadAllAsync(AuthHost host) => host.CallAsync((RevocationReader reader) => reader.ReadAllAsync());

    private static Task<RevocationsRead> ReadAsync(AuthHost host, RevocationsRead before) =>
        host.CallAsync((RevocationReader reader) => reader.ReadAsync(before.Seen!));
}
