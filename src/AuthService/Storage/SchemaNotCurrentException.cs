namespace AuthService.Storage;

/// <summary>The schema is behind, and somebody else brings it up to date: worth waiting for.</summary>
internal sealed class SchemaNotCurrentException : Exception
{
    public SchemaNotCurrentException()
    {
    }

    public SchemaNotCurrentException(string message)
        : base(message)
    {
    }

    public SchemaNotCurrentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
