using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>A reader that has reached the cursor of a receipt refuses the revoked tokens, in whatever order the transactions committed.</summary>
public abstract class ReceiptCursorTests(AuthHost host)
{
    [Fact]
    public async Task A_reader_that_has_come_so_far_refuses_the_token()
    {
        var (session, validator) = (await host.SignedInPersonAsync(), await NewValidatorAsync());
        await validator.ReadAsync();

        var claims = await host.PostAsync("/auth/logout", session.RefreshToken).ReceiptClaimsAsync(HttpStatusCode.NoContent);

        Assert.False(validator.Position >= Receipts.PositionOf(claims.Text("cursor")), "the receipt says that it was known before");
        await validator.ComesToAsync(claims.Text("cursor"));
        Assert.True(validator.Refuses(session.AccessToken));
        Assert.Equal(validator.Cursor!.Split('.')[0], claims.Text("cursor").Split('.')[0]);
    }

    [Fact]
    public async Task Nobody_comes_so_far_while_something_older_is_running()
    {
        var (session, validator) = (await host.SignedInPersonAsync(), await NewValidatorAsync());
        var open = host.Database.IsPostgres ? await host.Database.BeginAsync("SELECT pg_current_xact_id()") : null; // SQLite allows only one writer

        var claims = await host.PostAsync("/auth/logout", session.RefreshToken).ReceiptClaimsAsync(HttpStatusCode.NoContent);

        await validator.LearnsOfAsync(session.AccessToken);
        if (open is not null)
        {
            Assert.True(validator.Position < Receipts.PositionOf(claims.Text("cursor")), "it cannot know what is still to be committed");
            await open.DisposeAsync();
        }

        await validator.ComesToAsync(claims.Text("cursor"));
    }

    [Fact]
    public async Task Among_many_revocations_on_two_instances_no_receipt_promises_too_much()
    {
        await using var twin = await host.StartTwinAsync();
        AuthHost[] both = [host, twin];
        var (callers, person) = (new Callers(await host.NewServiceTokenAsync(), await host.AdminTokenAsync()), await host.CreatePersonAsync());
        var sessions = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => both[number % 2].LoginAsync(person)));
        var validator = new OfflineValidator(call => both[call % 2], callers.Service);
        await validator.ReadAsync();

        var held = host.Database.IsPostgres ? await host.Database.BeginAsync(HoldOf(sessions[0])) : null; // holds the row lock of one session
        var revoking = sessions.Select((session, number) => RevokeAsync(both[number / 4 % 2], person, session, number, callers)).ToArray();
        var reading = ReadAsync(validator, sessions, Task.WhenAll(revoking));
        if (held is not null)
        {
            await Task.WhenAll(revoking[1..]);
            await held.DisposeAsync();
        }

        var unknownAt = await reading.WaitAsync(TimeSpan.FromMinutes(2));
        foreach (var (session, promised) in sessions.Zip(await Task.WhenAll(revoking)))
            Assert.True(unknownAt[session.SessionId] < promised, $"unknown at {unknownAt[session.SessionId]}, promised for {promised}");
    }

    /// <summary>Reads until the position has reached every promised cursor.</summary>
    /// <returns>For each session, the last position at which it was not yet known to be revoked.</returns>
    private static async Task<Dictionary<string, long>> ReadAsync(OfflineValidator validator, IEnumerable<SignedIn> sessions, Task<long[]> promised)
    {
        var unknownAt = sessions.ToDictionary(session => session.SessionId, _ => validator.Position, StringComparer.Ordinal);
        while (!promised.IsCompleted || (await promised).Max() > validator.Position)
        {
            await validator.ReadAsync(wait: 1);
            foreach (var session in unknownAt.Keys.Where(session => !validator.Knows(session)))
                unknownAt[session] = validator.Position;
        }

        return unknownAt;
    }

    /// <summary>Revokes the session in one of four ways, depending on the number.</summary>
    /// <returns>The position in the receipt.</returns>
    private static async Task<long> RevokeAsync(AuthHost instance, Person person, SignedIn session, int number, Callers callers)
    {
        var (path, bulk) = ($"/admin/principals/{person.Id}/sessions/{session.SessionId}", new { tokens = new[] { session.RefreshToken } });
        var claims = await ((number % 4) switch
        {
            0 => instance.DeleteAsync(path, callers.Admin).ReceiptClaimsAsync(HttpStatusCode.NoContent),
            1 => instance.PostAsync("/auth/logout", session.RefreshToken).ReceiptClaimsAsync(HttpStatusCode.NoContent),
            2 => instance.PostAsync("/auth/logout/bulk", callers.Service, bulk).ReceiptClaimsAsync(HttpStatusCode.NoContent),
            _ => instance.RevokeAsync(callers.Service, session.AccessToken).ReceiptClaimsAsync(HttpStatusCode.OK),
        });
        return Receipts.PositionOf(claims.Text("cursor"));
    }

    private static string HoldOf(SignedIn session) => $"SELECT 1 FROM sessions WHERE id = '{session.SessionId}' FOR UPDATE";

    private sealed record Callers(string Service, string Admin);

    private async Task<OfflineValidator> NewValidatorAsync() => new(host, await host.NewServiceTokenAsync());

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ReceiptCursorTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ReceiptCursorTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ReceiptCursorTests(store.Host);
}
