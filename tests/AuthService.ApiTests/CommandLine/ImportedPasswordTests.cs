using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>Every kind of hash signs in, once with the old hash and from then on with one of today's.</summary>
public abstract class ImportedPasswordTests(AuthHost host)
{
    /// <summary>From crypt_blowfish, passlib's documentation, Django's tests, and Python's hashlib.</summary>
    private static readonly Dictionary<string, (string Password, string Hash)> Foreign = new(StringComparer.Ordinal)
    {
        ["bcrypt-2a"] = ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["bcrypt-2b"] = ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["bcrypt-2y"] = ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["identity-3"] = ("correct horse", new PasswordHasher<object>().HashPassword(new(), "correct horse")),
        ["passlib-256"] = ("password", "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44"),
        ["passlib-512"] = ("correct horse", "$pbkdf2-sha512$1000$yMnKy8zNzs/Q0dLT1NXW1w$4xPvOlNzcf4w83OeXLs00cDMTZ/Jcuh8hwgCDBR1y9KhNdPKjKCw1sE1hBb/KcVzJbfBhesdf0dIDnsHZEmvjw"),
        ["django"] = ("l\u00E8tmein", "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="),
    };

    [Fact]
    public async Task Each_signs_in_and_has_a_hash_of_today_from_then_on()
    {
        await using var own = await host.StartAnotherAsync(new() { ["Passwords:BcryptCost"] = "6" });
        using var file = new ImportFile();
        foreach (var (id, (_, hash)) in Foreign)
            file.Add(new { id, passwordHash = hash });
        (await file.ImportAsync(own)).Expect(0);

        foreach (var (id, (password, hash)) in Foreign)
        {
            await own.TryLoginAsync(id, password + "x").RefusedAsync(HttpStatusCode.Unauthorized);
            Assert.Equal(1, await own.Database.CountAsync($"principals WHERE id = '{id}' AND password_hash = '{hash}'"));
            await own.LoginAsync(id, password);
            Assert.Equal(1, await own.Database.CountAsync($"principals WHERE id = '{id}' AND password_hash LIKE '$2b$06$%'"));
            await own.LoginAsync(id, password);
            await own.TryLoginAsync(id, password + "x").RefusedAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ImportedPasswordTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ImportedPasswordTests(store.Host);
}
