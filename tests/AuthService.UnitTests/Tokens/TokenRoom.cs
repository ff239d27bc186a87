using AuthService.Hosting;
using AuthService.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthService.UnitTests.Tokens;

/// <summary>The room Tokens set up from settings, as the service sets it up, with a clock that tests move.</summary>
internal sealed class TokenRoom : IDisposable
{
    public const string Issuer = "https://auth.example.com";

    private readonly IHost _host;
    private readonly ConfigurationManager _configuration;

    public TokenRoom(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection([new("Jwt:Issuer", Issuer)]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.Services.AddTokens(builder.Configuration).AddSingleton<TimeProvider>(Clock)
            .AddLogging().AddSingleton(typeof(IOptionsMonitor<>), typeof(LastGoodOptions<>));
        _configuration = builder.Configuration;
        _host = builder.Build();
    }

    public StillClock Clock { get; } = new();

    public SigningKeyRing Ring => _host.Services.GetRequiredService<SigningKeyRing>();

    public AccessTokenReader Reader => _host.Services.GetRequiredService<AccessTokenReader>();

    public AccessTokenWriter Writer => _host.Services.GetRequiredService<AccessTokenWriter>();

    /// <summary>What keeps the service from starting with these settings.</summary>
    public string[] Faults()
    {
        try
        {
            _ = _host.Services.GetRequiredService<IOptions<JwtOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException error)
        {
            return [.. error.Failures];
        }
    }

    /// <summary>As when the settings file is edited while the service runs.</summary>
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
