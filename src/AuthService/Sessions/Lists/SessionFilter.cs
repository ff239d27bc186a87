using AuthService.Principals;

namespace AuthService.Sessions.Lists;

/// <summary>Selects from the valid sessions that concern a principal, newest first.</summary>
internal sealed record SessionFilter(Principal Principal, DateTimeOffset Now, int Take)
{
    public int Skip { get; init; }

    /// <summary>Leaves out the sessions that services made by extending the principal's tokens.</summary>
    public bool WithoutDelegated { get; init; }

    /// <summary>Leaves out new and suspended sessions.</summary>
    public bool OnlyActive { get; init; }
}
