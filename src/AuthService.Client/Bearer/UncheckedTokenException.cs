namespace AuthService.Client.Bearer;

/// <summary>Whether a token holds cannot be told at this moment; that is no fault of whoever sent it.</summary>
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
