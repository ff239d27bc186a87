using AuthService.Principals;

namespace AuthService.SignIn;

/// <summary>Identifies the failures that count together: those for a name from anywhere, or those for a name from one known device.</summary>
/// <param name="Name">The name as typed.</param>
/// <param name="Key">The key of the lockout record.</param>
/// <param name="IsDevice">Whether the record belongs to a device.</param>
internal sealed record LockoutSubject(PrincipalName Name, byte[] Key, bool IsDevice)
{
    public static LockoutSubject Of(PrincipalName name) => new(name, name.Hash(), IsDevice: false);

    public LockoutRecord Read(LockoutRow? row) => (row?.ToRecord() ?? LockoutRecord.Clean) with { IsOfDevice = IsDevice };
}

/// <summary>Says whether an attempt may be judged.</summary>
/// <param name="Subject">The subject that the attempt counts for; its result is reported for this subject.</param>
/// <param name="RetryAfter">Null when the attempt may be judged now; otherwise how long to wait. For a stop it is the longest lock.</param>
internal sealed record LockoutTurn(LockoutSubject Subject, TimeSpan? RetryAfter);
