namespace AuthService.Storage;

/// <summary>The database cannot be used as it is, and waiting does not help. The message says what to do.</summary>
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
