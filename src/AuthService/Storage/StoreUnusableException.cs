namespace AuthService.Storage;

/// <summary>The database can never be used as it is; the message says what to do. Waiting does not help.</summary>
internal sealed class StoreUnusableException : InvalidOperationException
{
    public StoreUnusableException()
    {
    }

    public StoreUnusableException(string message)
        : base(message)
    {
    }

    public StoreUnusableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
