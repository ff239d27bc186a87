using Microsoft.Extensions.Options;

namespace AuthService.Client;

/// <summary>What happens to a token while it is not known whether it was revoked, because the knowledge of revocations is too old.</summary>
public enum WhenStale
{
    /// <summary>The request is answered 503 with <c>Retry-After</c>.</summary>
    Refuse,

    /// <summary>AuthService is asked about that one token (<see cref="AuthServiceClient.IntrospectAsync"/>); 503 when it does not answer.</summary>
    Ask,

    /// <summary>The token is taken, as it is without <see cref="AuthServiceBearerOptions.Revocation"/>.</summary>
    Allow,
}

/// <summary>
/// How revoked tokens are refused before they expire: AuthService's revocation feed is read by one long poll after the other and held in memory.
/// </summary>
public sealed class AuthServiceRevocationOptions
{
    /// <summary>The longest <see cref="Wait"/>, which is the longest that AuthService holds a poll.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old the knowledge may be: 1 minute unless it is set, more than <see cref="Wait"/>, because while nothing is revoked there is one answer in each
    /// <see cref="Wait"/>. Until the first complete answer it is too old as well.
    /// </summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What happens when it is older: <see cref="WhenStale.Ask"/> unless it is set. No revoked token passes, and whoever is signed in works on as long as
    /// AuthService answers at all.
    /// </summary>
    public WhenStale WhenStale { get; set; } = WhenStale.Ask;

    /// <summary>How long AuthService may hold a poll while there is nothing to say: 10 seconds unless it is set, 1 to 30, in whole seconds.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(10);

    internal void Check(string setting, ValidateOptionsResultBuilder faults)
    {
        if (Wait < TimeSpan.FromSeconds(1) || Wait > LongestWait || Wait.Ticks % TimeSpan.TicksPerSecond != 0)
            faults.AddError($"{Wait} is not between 1 and 30 whole seconds", $"{setting}.{nameof(Wait)}");
        if (MaxStaleness <= Wait)
            faults.AddError($"{MaxStaleness} is not more than {nameof(Wait)}, {Wait}", $"{setting}.{nameof(MaxStaleness)}");
        if (!Enum.IsDefined(WhenStale))
            faults.AddError($"{WhenStale} is not Refuse, Ask or Allow", $"{setting}.{nameof(WhenStale)}");
    }
}
