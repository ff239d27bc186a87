using AuthService.Storage;
using Npgsql;
using Xunit;

namespace AuthService.UnitTests.Storage;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://ada:pass@db.example.com:6432/auth", "Host=db.example.com:6432;Username=ada;Password=pass;Database=auth")]
    [InlineData("postgresql://ada:pass@db.example.com/auth?sslmode=require", "Host=db.example.com;Username=ada;Password=pass;Database=auth;SSL Mode=Require")]
    [InlineData(
        "POSTGRES://ada@db/auth?sslmode=verify-full&sslrootcert=%2Fcerts%2Fca.pem",
        "Host=db;Username=ada;Database=auth;SSL Mode=VerifyFull;Root Certificate=/certs/ca.pem")]
    [InlineData("postgres://a%40b:p%3A%2F%3F%23%25%20w;'\"=x@db/a%2Fb", "Host=db;Username=a@b;Password=\"p:/?#% w;'\"\"=x\";Database=a/b")]
    [InlineData("postgres://ada:pass@one:5432,two:5433,three/auth", "Host=one:5432,two:5433,three;Username=ada;Password=pass;Database=auth")]
    [InlineData("postgres://ada@[::1]:5432/auth", "Host=[::1]:5432;Username=ada;Database=auth")]
    [InlineData("postgres://", "Host=localhost")]
    [InlineData("postgres:///auth?host=%2Fvar%2Frun%2Fpostgresql&user=ada", "Host=/var/run/postgresql;Username=ada;Database=auth")]
    [InlineData(
        "postgres://ada:pass@db/auth?connect_timeout=10&application_name=auth&target_session_attrs=read-write&channel_binding=require&Maximum%20Pool%20Size=20",
        "Host=db;Username=ada;Password=pass;Database=auth;Timeout=10;Application Name=auth;"
        + "Target Session Attributes=read-write;Channel Binding=Require;Maximum Pool Size=20")]
    [InlineData("Host=db;Username=ada;Password=pass;Database=auth", "Host=db;Username=ada;Password=pass;Database=auth")]
    public void It_is_read(string text, string connectionString)
    {
        Assert.Null(PostgresAddress.FindFault(text));
        Assert.True(new NpgsqlConnectionStringBuilder(connectionString).EquivalentTo(PostgresAddress.Read(text)), PostgresAddress.Read(text).ConnectionString);
    }

    [Theory]
    [InlineData("postgres://ada:Can@ry@db/auth")]
    [InlineData("postgres://ada:Can/ry@db/auth")]
    [InlineData("postgres://ada:Can?ry@db/auth")]
    [InlineData("postgres://ada:Can#ry@db/auth")]
    [InlineData("postgres://ada:Can%ry@db/auth")]
    [InlineData("postgres://ada:Can:ry@db/auth")]
    [InlineData("postgres://ada:Canary@db:port/auth")]
    [InlineData("postgres://ada:Canary@db:99999/auth")]
    [InlineData("postgres://ada:Canary@db/auth?sslmode=Canary")]
    [InlineData("postgres://ada:Canary@db/auth?nosuch=Canary")]
    [InlineData("postgres://ada:Canary@db/auth?connect_timeout=Canary")]
    [InlineData("postgres://ada:Canary@d b/auth")]
    [InlineData("mysql://ada:Canary@db/auth")]
    [InlineData("Hots=db;Password=Canary")]
    [InlineData("Host=db;Port=Canary")]
    [InlineData("Canary")]
    [InlineData("Username=ada;Password=Canary")]
    [InlineData("Host=db;Password='Canary")]
    public void What_is_neither_is_refused_and_nothing_of_it_is_shown(string text)
    {
        var fault = PostgresAddress.FindFault(text);

        Assert.NotNull(fault);
        Assert.All(["Canary", "Can", "ry@"], part => Assert.DoesNotContain(part, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void What_Npgsql_refuses_is_refused_in_words_of_our_own()
    {
        var options = new StorageOptions
        {
            ConnectionStrings = { Postgres = "Host=db;Username=ada;Password=Canary;Minimum Pool Size=70;Maximum Pool Size=7" },
        };

        var fault = Assert.Single(new StorageOptionsValidator().Validate(name: null, options).Failures!);

        Assert.StartsWith("ConnectionStrings:Postgres has parameters that Npgsql does not take together", fault, StringComparison.Ordinal);
        Assert.All(["70", "Canary"], part => Assert.DoesNotContain(part, fault, StringComparison.Ordinal));
    }
}
