namespace AuthService.Audit;

/// <summary>The detail of a <see cref="AuditEvents.SecondFactorRemoved"/>; where there is none, the person removed their app.</summary>
internal static class RemovedFactors
{
    /// <summary>The app, and no passkey, by "it wasn't me".</summary>
    public const string App = "app";

    /// <summary>The passkeys as well, by an administrator.</summary>
    public const string All = "all";
}
