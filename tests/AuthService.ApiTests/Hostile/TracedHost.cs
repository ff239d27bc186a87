using System.Diagnostics;
using System.Security.Cryptography;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// An instance on a new database that logs everything and sends its spans and metrics to a collector, together with the secrets that must not appear there or
/// in the database.
/// </summary>
internal sealed class TracedHost : IAsyncDisposable
{
    /// <summary>The settings that log everything.</summary>
    public static readonly Settings Traced = new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace" };

    private readonly OtlpReceiver _collector;

    private TracedHost(AuthHost host, OtlpReceiver collector, Secrets secrets) => (Host, _collector, Secrets) = (host, collector, secrets);

    public AuthHost Host { get; }

    public Secrets Secrets { get; }

    public static async Task<TracedHost> StartAsync(Store store, Settings? settings = null)
    {
        var (secrets, collector) = (new Secrets().Add("admin's password", AuthHost.AdminPassword), await OtlpReceiver.StartAsync());
        var host = await AuthHost.StartAsync(store, Traced.With(NewKeys(secrets)).With(collector.Settings).With(settings));
        if (new NpgsqlConnectionStringBuilder(host.Database.IsPostgres ? host.Database.ConnectionString : "").Password is { } password)
            secrets.Add("database password", password);
        return new TracedHost(host, collector, secrets);
    }

    public async Task<Person> NewPersonAsync()
    {
        var person = await Host.CreatePersonAsync(new() { ["password"] = NewPassword() });
        Secrets.Add($"password of {person.Id}", person.Password);
        return person;
    }

    /// <summary>Returns a new password with characters that are escaped differently in different places.</summary>
    public string NewPassword()
    {
        var password = $"P+w/d={RandomNumberGenerator.GetHexString(16)} ü%";
        Secrets.Add(password, password);
        return password;
    }

    /// <summary>Looks for every secret in the log, the spans, the metrics and the database as they are now.</summary>
    public Task ExpectNothingLeakedAsync() => ExpectNoneAsync(Secrets);

    /// <inheritdoc cref="ExpectNothingLeakedAsync"/>
    public async Task ExpectNoneAsync(Secrets secrets)
    {
        await UntilEverythingWasSentAsync();
        Assert.Contains(Host.Log.Lines, line => line.StartsWith("Debug Microsoft.EntityFrameworkCore", StringComparison.Ordinal));
        secrets.ExpectNoneIn("the log", Host.Log.Lines);
        secrets.ExpectNoneIn("spans and metrics", _collector.Texts);
        secrets.ExpectNoneIn("the database", await StoreContents.ReadAsync(Host.Database));
        secrets.ExpectNoneIn("the files of the database", StoreContents.ReadFiles(Host.Database));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _collector.DisposeAsync();
    }

    /// <summary>Waits until the last span was received. Spans are sent in the order in which they end.</summary>
    private async Task UntilEverythingWasSentAsync()
    {
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var last = await Host.SendAsync(HttpMethod.Get, "/.well-known/jwks.json", headers: ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        await _collector.WaitForSpanAsync(trace, "GET /.well-known/jwks.json");
        await _collector.WaitForMetricAsync("http.server.request.duration");
    }

    private static Settings NewKeys(Secrets secrets)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (pem, encryption) = (key.ExportPkcs8PrivateKeyPem(), RandomNumberGenerator.GetBytes(32));
        secrets.Add("signing key", pem.Split('\n')[2]).Add("signing key", key.ExportParameters(includePrivateParameters: true).D!)
            .Add("encryption key", encryption);
        return new() { ["Jwt:SigningKeys:0:PrivateKeyPem"] = pem, ["Encryption:Keys:0:Key"] = Convert.ToBase64String(encryption) };
    }
}
