using AuthService.Tokens;

namespace AuthService.Principals;

/// <summary>What an administrator says about a principal that is to be made.</summary>
internal sealed record NewPrincipal(PrincipalName Id, PrincipalType Type, Role Role)
{
    public Password? Password { get; init; }

    public PrincipalChange Details { get; init; } = new();
}

internal abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <param name="Principal">The principal as it is now.</param>
    /// <param name="RefreshToken">The standing credential of a service or provider, shown this once.</param>
    internal sealed record Created(Principal Principal, RefreshToken? RefreshToken) : CreateOutcome;

    /// <param name="Fault">What is wrong, in words for the administrator.</param>
    internal sealed record Refused(string Fault) : CreateOutcome;

    /// <summary>Some principal, perhaps a deleted one, has the id in this or another spelling.</summary>
    internal sealed record IdInUse : CreateOutcome;
}
