namespace AuthService.Principals;

/// <summary>
/// The caller was entitled when the call came in, and is no longer now that its change is to be written. It is thrown where the
/// transaction has to go back, and answered with 401 as if the call had come in now.
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
