namespace AuthService.Sessions;

/// <summary>The two time limits of one session.</summary>
internal readonly record struct SessionLimits(TimeSpan IdleTimeout, TimeSpan Lifetime)
{
    /// <summary>Chooses the limits. The limits for a public computer can only shorten the others.</summary>
    public static SessionLimits From(SessionOptions options, bool publicComputer, TimeSpan? ownIdleTimeout = null, TimeSpan? ownLifetime = null)
    {
        var limits = new SessionLimits(ownIdleTimeout ?? options.IdleTimeout, ownLifetime ?? options.Lifetime);
        return publicComputer
            ? new SessionLimits(Shorter(limits.IdleTimeout, options.PublicComputerIdleTimeout), Shorter(limits.Lifetime, options.PublicComputerLifetime))
            : limits;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
