namespace AuthService.Client.Bearer;

/// <summary>A token cannot be checked at this moment, which is not the caller's fault. The answer is 503.</summary>
internal sealed class UncheckedTokenException : Exception
{
    public UncheckedTokenException()
    {
    }

    public UncheckedTokenException(string message)
        : base(message)
    {
    }

    public UncheckedTokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
