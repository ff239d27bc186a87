namespace AuthService.Principals;

/// <summary>
/// Thrown when the caller was entitled when the request arrived, but no longer is when its change is written. It rolls the transaction back, and the response
/// is 401, as for a request that arrives now.
/// </summary>
internal sealed class CallerRevokedException : Exception
{
    public CallerRevokedException()
        : base("The caller was disabled, changed or signed out while the call waited")
    {
    }

    public CallerRevokedException(string message)
        : base(message)
    {
    }

    public CallerRevokedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
