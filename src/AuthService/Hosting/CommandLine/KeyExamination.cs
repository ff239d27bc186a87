using AuthService.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines the signing keys: which one signs, how old and how strong it is, and whether another follows in time.</summary>
internal static class KeyExamination
{
    private const string Keys = "signing keys";

    /// <summary>The age of a key at which a new one is due. NIST SP 800-57 part 1, 5.3.6, allows a private signature key one to two years.</summary>
    private static readonly TimeSpan OldAge = TimeSpan.FromDays(365);

    /// <summary>The time that a new key needs to be published and fetched everywhere.</summary>
    private static readonly TimeSpan ShortNotice = TimeSpan.FromDays(7);

    public static IEnumerable<Finding> Examine(IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var keys = services.GetRequiredService<SigningKeyRing>().Current;
        if (keys.FindActive(now) is not { } key)
        {
            yield return Finding.Wrong(Keys, "none is active: no token can be signed");
            yield break;
        }

        yield return Finding.Fine(Keys, $"\"{key.KeyId}\" signs with {key.Algorithm}, {key.Credentials.Key.KeySize} bits");
        if (key.Credentials.Key is SymmetricSecurityKey)
            yield return Finding.Doubtful(Keys, "HS512 is a shared secret: a service that checks tokens with it can also make them, and it is not published");
        if (key.ActiveFrom > DateTimeOffset.MinValue && now - key.ActiveFrom > OldAge)
            yield return Finding.Doubtful(Keys, $"\"{key.KeyId}\" has signed since {key.ActiveFrom:yyyy-MM-dd}: time for a new one");
        if (keys.FindGap(now) is { } gap && gap <= now + ShortNotice)
            yield return Finding.Wrong(Keys, $"one retires at {gap:O} and none follows: no token can be signed from then on");
    }
}
