namespace AuthService.Storage;

/// <summary>The schema is out of date, and another process brings it up to date. Waiting helps.</summary>
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
