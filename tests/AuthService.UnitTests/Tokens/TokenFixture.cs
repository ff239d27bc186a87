using AuthService.Configuration;
using AuthService.Hosting;
using AuthService.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthService.UnitTests.Tokens;

/// <summary>The classes of the folder Tokens, configured as in the service, with a clock that tests set.</summary>
internal sealed class TokenFixture : IDisposable
{
    public const string Issuer = "https://auth.example.com";

    private readonly IHost _host;
    private readonly ConfigurationManager _configuration;

    public TokenFixture(params (string Key, string Value)[] settings)
        : this(Environments.Production, settings)
    {
    }

    public TokenFixture(string environment, (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([new("Jwt:Issuer", Issuer)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.Services.AddTokens(builder.Configuration).AddSingleton<TimeProvider>(Clock)
            .AddLastGoodSettings();
        _configuration = builder.Configuration;
        _host = builder.Build();
    }

    public StillClock Clock { get; } = new();

    public SigningKeyRing Ring => _host.Services.GetRequiredService<SigningKeyRing>();

    public AccessTokenReader Reader => _host.Services.GetRequiredService<AccessTokenReader>();

    public AccessTokenWriter Writer => _host.Services.GetRequiredService<AccessTokenWriter>();

    /// <summary>Returns the errors that would prevent the start with these settings.</summary>
    public IReadOnlyList<string> Faults() => StartUp.FindFaults(_host.Services);

    public PublicAddressOptions Address => _host.Services.GetRequiredService<IOptionsMonitor<PublicAddressOptions>>().CurrentValue;

    /// <summary>Changes settings as when the settings file is edited while the service runs.</summary>
    public void Change(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
            _configuration[key] = value;
        ((IConfigurationRoot)_configuration).Reload();
    }

    public AccessToken NewToken(TimeSpan? lifetime = null) => new()
    {
        Issuer = Issuer,
        Subject = "ada",
        Scopes = ["all:write"],
        IssuedAt = Clock.Now.ToUnixTimeSeconds(),
        ExpiresAt = (Clock.Now + (lifetime ?? TimeSpan.FromMinutes(10))).ToUnixTimeSeconds(),
        Role = "USER",
        PrincipalType = "password",
        ExtendedByChain = [],
    };

    public void Dispose() => _host.Dispose();
}
