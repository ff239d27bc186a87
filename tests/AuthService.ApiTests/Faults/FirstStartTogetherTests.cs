using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>The instances of one deployment start together on an empty database.</summary>
public sealed class FirstStartTogetherTests : IDisposable
{
    private readonly ServiceFolder _one = new();
    private readonly ServiceFolder _other = new();

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Postgres)]
    [InlineData(Store.PgBouncer)]
    public async Task Two_instances_make_one_schema_and_one_administrator(Store store)
    {
        await using var database = await TestDatabase.CreateAsync(store);
        var settings = ServiceFolder.ForProduction().With(database.Settings).With(new() { ["Bootstrap:Admin:Password"] = null });

        await using var first = _one.Start(settings);
        await using var second = _other.Start(settings);
        await Task.WhenAll(first.WaitUntilReadyAsync(), second.WaitUntilReadyAsync());

        await Eventually.TrueAsync(() => first.Output.Concat(second.Output).Any(line => line.StartsWith("The administrator", StringComparison.Ordinal)));
        Assert.Single(first.Output.Concat(second.Output), line => line.StartsWith("The administrator", StringComparison.Ordinal));
        var password = (await File.ReadAllTextAsync(Assert.Single(PasswordFiles(_one).Concat(PasswordFiles(_other))))).Trim();
        await second.TryLoginAsync("admin", await first.Http.ChoosePasswordAsync("admin", password)).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, await database.CountAsync("principals"));
        Assert.Equal(typeof(Program).Assembly.GetTypes().Count(IsMigration), await database.CountAsync("\"__EFMigrationsHistory\""));
        ProofTable.Add("Faults", $"Two instances first start together, {store}", "one schema, one administrator");
    }

    [Fact]
    public async Task An_instance_killed_while_it_migrated_does_not_block_the_next_start()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Sqlite);
        await database.ExecuteAsync(
            """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-01-01 00:00:00+00:00');
            """);
        SqliteConnection.ClearAllPools();
        await using var service = _one.Start(ServiceFolder.ForProduction().With(database.Settings));

        await service.WaitUntilReadyAsync();

        await service.TryLoginAsync("admin", AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private static string[] PasswordFiles(ServiceFolder folder) => Directory.GetFiles(folder.Path, "admin-password*", SearchOption.AllDirectories);

    private static bool IsMigration(Type type) => type.IsAssignableTo(typeof(Microsoft.EntityFrameworkCore.Migrations.Migration)) && !type.IsAbstract;
}
