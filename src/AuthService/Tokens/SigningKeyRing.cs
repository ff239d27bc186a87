using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Holds the current keys and takes over a changed configuration.</summary>
internal sealed class SigningKeyRing : IDisposable
{
    /// <summary>An extended token may live a day, longer than any access token; a retired key stays known that long.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private readonly IDisposable? _subscription;
    private readonly string _contentRoot;
    private JwtOptions _options;

    public SigningKeyRing(IOptionsMonitor<JwtOptions> options, IHostEnvironment environment)
    {
        _contentRoot = environment.ContentRootPath;
        _options = options.CurrentValue;
        Current = Read(_options);
        _subscription = options.OnChange(TakeOver);
    }

    public SigningKeySet Current { get; private set; }

    public void Dispose() => _subscription?.Dispose();

    /// <summary>After a faulty change the old options come again; their key files need not be there any more.</summary>
    private void TakeOver(JwtOptions changed)
    {
        if (ReferenceEquals(changed, _options))
            return;
        Current = Read(changed);
        _options = changed;
    }

    private SigningKeySet Read(JwtOptions options) => new(
        [.. options.SigningKeys.Select(key => SigningKey.Read(key, _contentRoot))],
        options.AccessTokenLifetime > LongestLifetime ? options.AccessTokenLifetime : LongestLifetime);
}
