namespace AuthService.Signals;

/// <summary>Lists the event types that streams can carry, by their URIs (CAEP 1.0, section 3; RISC 1.0, section 2; SSF 1.0, section 8.1).</summary>
internal static class SignalEvents
{
    public const string SessionRevoked = $"{Caep}session-revoked";
    public const string CredentialChange = $"{Caep}credential-change";
    public const string TokenClaimsChange = $"{Caep}token-claims-change";
    public const string AccountDisabled = $"{Risc}account-disabled";
    public const string AccountEnabled = $"{Risc}account-enabled";
    public const string AccountPurged = $"{Risc}account-purged";

    /// <summary>The verification event. It is sent over a stream on request, regardless of the event types that were requested.</summary>
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    public static readonly IReadOnlyList<string> Supported =
        [SessionRevoked, CredentialChange, TokenClaimsChange, AccountDisabled, AccountEnabled, AccountPurged];

    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string Risc = "https://schemas.openid.net/secevent/risc/event-type/";
}
