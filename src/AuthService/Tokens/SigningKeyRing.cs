using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Holds the current keys and takes over a changed configuration; a faulty one leaves the keys as they are.</summary>
internal sealed class SigningKeyRing : IDisposable
{
    /// <summary>An extended token may live a day, longer than any access token; a retired key stays known that long.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(24);

    private readonly IDisposable? _subscription;
    private readonly string _contentRoot;

    public SigningKeyRing(IOptionsMonitor<JwtOptions> options, IHostEnvironment environment)
    {
        _contentRoot = environment.ContentRootPath;
        Current = Read(options.CurrentValue);
        _subscription = options.OnChange(changed => Current = Read(changed));
    }

    public SigningKeySet Current { get; private set; }

    public void Dispose() => _subscription?.Dispose();

    private SigningKeySet Read(JwtOptions options) => new(
        [.. options.SigningKeys.Select(key => SigningKey.Read(key, _contentRoot))],
        options.AccessTokenLifetime > LongestLifetime ? options.AccessTokenLifetime : LongestLifetime);
}
