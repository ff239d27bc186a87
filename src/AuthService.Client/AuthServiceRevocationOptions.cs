using Microsoft.Extensions.Options;

namespace AuthService.Client;

/// <summary>The treatment of a token while the knowledge of revocations is too old to tell whether the token was revoked.</summary>
public enum WhenStale
{
    /// <summary>The request is answered 503 with <c>Retry-After</c>.</summary>
    Refuse,

    /// <summary>AuthService is asked about the token (<see cref="AuthServiceClient.IntrospectAsync"/>). The answer is 503 when it does not reply.</summary>
    Ask,

    /// <summary>The token is accepted, as it is without <see cref="AuthServiceBearerOptions.Revocation"/>.</summary>
    Allow,
}

/// <summary>
/// How revoked tokens are refused before they expire. AuthService's revocation feed is read by long polls, one after the other, and held in memory.
/// </summary>
public sealed class AuthServiceRevocationOptions
{
    /// <summary>The longest <see cref="Wait"/>. AuthService holds no poll longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old the knowledge may be. The default is 1 minute. It must be more than <see cref="Wait"/>, because while nothing is revoked there is one answer
    /// in each <see cref="Wait"/>. Before the first complete answer the knowledge counts as too old.
    /// </summary>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The treatment of tokens when the knowledge is older. The default is <see cref="WhenStale.Ask"/>: no revoked token passes, and people can go on while
    /// AuthService answers at all.
    /// </summary>
    public WhenStale WhenStale { get; set; } = WhenStale.Ask;

    /// <summary>How long AuthService may hold a poll while there is nothing new: 1 to 30 whole seconds. The default is 10 seconds.</summary>
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
