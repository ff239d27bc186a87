using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Identity;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.CommandLine;

/// <summary>A password of every imported hash format signs in: the first time with the old hash, which is then replaced by a current one.</summary>
public abstract class ImportedPasswordTests(AuthHost host)
{
    /// <summary>
    /// Passwords and hashes from crypt_blowfish, passlib's documentation and tests, Django's tests, Python's hashlib, the reference implementation of Argon2,
    /// the README of firebase/scrypt, and better-auth itself.
    /// </summary>
    private static readonly Dictionary<string, (string Password, string Hash)> Foreign = new(StringComparer.Ordinal)
    {
        ["bcrypt-2a"] = ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["bcrypt-2b"] = ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["bcrypt-2y"] = ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ["identity-3"] = ("correct horse", new PasswordHasher<object>().HashPassword(new(), "correct horse")),
        ["passlib-256"] = ("password", "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44"),
        ["passlib-512"] = (
            "correct horse",
            "$pbkdf2-sha512$1000$yMnKy8zNzs/Q0dLT1NXW1w$4xPvOlNzcf4w83OeXLs00cDMTZ/Jcuh8hwgCDBR1y9KhNdPKjKCw1sE1hBb/KcVzJbfBhesdf0dIDnsHZEmvjw"),
        ["passlib-1"] = ("password", "$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI"),
        ["argon2id"] = ("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        ["firebase"] = ("user1password", "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,"
            + "sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$"
            + "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="),
        ["better-auth"] = ("correct horse battery staple", "a89779a3b8653b49ed82a6fec0101511:e9eaaa7c7f26249a6abe4957fb768b15bda48829f68fd9f6"
            + "97f696862b5b57727b574b387276317705e39a8b7129ca8f000f22088e049b6005d00a1b2d80bcc1"),
        ["django"] = ("l\u00E8tmein", "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="),
    };

    private const string KeycloakPbkdf2 = "qJW2u7hW9vzPcJvAhg8mwG3lRB5o5/AaBk6+U5mKi3Rl5lxk6l1ALi4CP4b/CBRM6uR47J5Luefgg4jaA9VRZg==";

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
            var kept = id is "bcrypt-2b" ? $"$2y{hash[3..]}" : hash; // hashes of this service start with $2b$
            Assert.Equal(1, await own.Database.CountAsync($"principals WHERE id = '{id}' AND password_hash = '{kept}'"));
            await own.LoginAsync(id, password);
            Assert.Equal(1, await own.Database.CountAsync($"principals WHERE id = '{id}' AND password_hash LIKE '$2b$06$%'"));
            await own.LoginAsync(id, password);
            await own.TryLoginAsync(id, password + "x").RefusedAsync(HttpStatusCode.Unauthorized);
        }
    }

    /// <summary>The vector is from crypt_blowfish: "chars after 72 are ignored". The first 72 bytes alone must not be enough to sign in.</summary>
    [Theory]
    [InlineData("$2y$")]
    [InlineData("$2b$")]
    public async Task A_password_that_others_cut_after_72_bytes_signs_in_and_is_to_be_changed(string variant)
    {
        const string Start = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        using var file = new ImportFile();
        var (whole, cut) = (NewName("whole"), NewName("cut"));
        foreach (var id in new[] { whole, cut })
            file.Add(new { id, passwordHash = $"{variant}05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui" });
        (await file.ImportAsync(host)).Expect(0);

        await host.LoginAsync(whole, Start);
        await host.TryLoginAsync(cut, $"{Start[..^1]}-chars after 72 are ignored").RefusedAsync(HttpStatusCode.Unauthorized);
        var token = await host.Http.ResetTokenAsync(cut, $"{Start}chars after 72 are ignored");

        Assert.False((await host.ShowAsync(whole)).GetProperty("passwordResetRequested").GetBoolean());
        Assert.True((await host.ShowAsync(cut)).GetProperty("passwordResetRequested").GetBoolean());
        Assert.Equal(1, await host.Database.CountAsync($"principals WHERE id = '{cut}' AND password_hash LIKE '$2y$05$%'"));
        Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={cut}&event=principal_changed"));
        var chosen = NewPassword();
        await host.Http.TryResetAsync(token, chosen).ExpectAsync(HttpStatusCode.OK);
        await host.LoginAsync(cut, chosen);
    }

    /// <summary>A user as Keycloak 26 exports one, and a credential of its earlier versions, made with Python's hashlib.</summary>
    [Fact]
    public async Task Keycloaks_export_signs_in()
    {
        using var file = new ImportFile();
        var (argon2, pbkdf2) = (NewName("argon2"), NewName("pbkdf2"));
        file.Add(new
        {
            id = argon2,
            secretData = """{"value":"xKjWvB9+0sSP6wTqI1JoEI7w+iA0x9VDhPgmrOHRG80=","salt":"LRScGShC7shkdoU5B1UgUQ==","additionalParameters":{}}""",
            credentialData = """
                {"hashIterations":5,"algorithm":"argon2","additionalParameters":
                {"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}
                """,
        }).Add(new
        {
            id = pbkdf2,
            secretData = $$"""{"value":"{{KeycloakPbkdf2}}","salt":"AAECAwQFBgcICQoLDA0ODw==","additionalParameters":{} }""",
            credentialData = """{"hashIterations":27500,"algorithm":"pbkdf2-sha256","additionalParameters":{}}""",
        });
        (await file.ImportAsync(host)).Expect(0);

        foreach (var id in new[] { argon2, pbkdf2 })
        {
            await host.TryLoginAsync(id, "secret!").RefusedAsync(HttpStatusCode.Unauthorized);
            await host.LoginAsync(id, "secret");
            Assert.Equal(1, await host.Database.CountAsync($"principals WHERE id = '{id}' AND password_hash LIKE '$2b$%'"));
        }
    }

    [Fact]
    public async Task Hashes_that_would_keep_the_service_busy_are_refused_with_the_bound()
    {
        using var file = new ImportFile();
        const string Argon2 = "$argon2id$v=19$m=2097152,t=1,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        file.Add(new { id = NewName("x"), passwordHash = Argon2 })
            .Add(new { id = NewName("x"), passwordHash = Foreign["firebase"].Hash.Replace("n=14", "n=24", StringComparison.Ordinal) })
            .Add(new { id = NewName("x"), passwordHash = "$pbkdf2$9999999$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI" })
            .Add(new { id = NewName("x"), credentialData = """{"hashIterations":1,"algorithm":"argon2"}""", secretData = "{}" })
            .Add(new { id = NewName("x"), credentialData = """{"algorithm":"plain"}""", secretData = "{}" })
            .Add(new { id = NewName("x"), credentialData = "[]", secretData = "{}" });

        var refused = (await file.ImportAsync(host)).Refused(1, "0 added, 0 already there, 6 bad lines");

        var told = refused.Errors.Split('\n').Where(line => line.StartsWith("line ", StringComparison.Ordinal)).ToArray();
        string[] faults =
        [
            "1: passwordHash .*131072", "2: passwordHash .*524288", "3: passwordHash .*5000000", "4: credentialData .*131072", "5: credentialData", "6: .*JSON",
        ];
        Assert.Equal(faults.Length, told.Length);
        Assert.All(faults.Zip(told), pair => Assert.Matches($"^line {pair.First}", pair.Second));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ImportedPasswordTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ImportedPasswordTests(store.Host);
}
