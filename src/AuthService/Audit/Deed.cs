namespace AuthService.Audit;

/// <summary>Who is acting and from where, for the record of what they are about to do.</summary>
/// <param name="Actor">The id of the principal who acts; null when it is the one acted upon, as at a sign-out.</param>
/// <param name="IpAddress">Where the call came from; null inside the service.</param>
internal sealed record Deed(string? Actor, string? IpAddress)
{
    /// <summary>What the service does by itself.</summary>
    public static readonly Deed OfTheService = new(Actor: null, IpAddress: null);

    /// <summary>What an operator does with a command on the machine itself.</summary>
    public static readonly Deed OfTheCommandLine = new("(command line)", IpAddress: null);

    public AuditEvent Record(
        string name, DateTimeOffset at, string? principal, AuditOutcome outcome = AuditOutcome.Success, Guid? sessionId = null, string? detail = null) => new()
        {
            At = at,
            Event = name,
            Outcome = outcome,
            Actor = Actor ?? principal,
            Principal = principal,
            SessionId = sessionId,
            IpAddress = IpAddress,
            Detail = detail,
        };
}
