namespace AuthService.Audit;

/// <summary>The details of <see cref="AuditEvents.SecondFactorRemoved"/>. Without a detail, the person removed their app.</summary>
internal static class RemovedFactors
{
    /// <summary>The app without the passkeys, by a report "it wasn't me".</summary>
    public const string App = "app";

    /// <summary>The app and the passkeys, by an administrator.</summary>
    public const string All = "all";
}
