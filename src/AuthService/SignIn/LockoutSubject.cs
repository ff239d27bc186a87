using AuthService.Principals;

namespace AuthService.SignIn;

/// <summary>Whose failures count together: those of a name from anywhere, or those for the name from one device that is known for it.</summary>
/// <param name="Name">As it was typed.</param>
/// <param name="Key">Under which they are on record.</param>
/// <param name="IsDevice">Whether they are those of a device.</param>
internal sealed record LockoutSubject(PrincipalName Name, byte[] Key, bool IsDevice)
{
    public static LockoutSubject Of(PrincipalName name) => new(name, name.Hash(), IsDevice: false);

    public LockoutRecord Read(LockoutRow? row) => (row?.ToRecord() ?? LockoutRecord.Clean) with { IsOfDevice = IsDevice };
}

/// <summary>Whether an attempt may be judged.</summary>
/// <param name="Subject">Whose record counts; what the attempt shows is reported for it.</param>
/// <param name="RetryAfter">Null when it may be judged now; otherwise how long the lock lasts: at most the longest one, though it is a stop.</param>
internal sealed record LockoutTurn(LockoutSubject Subject, TimeSpan? RetryAfter);
