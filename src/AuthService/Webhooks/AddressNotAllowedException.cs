namespace AuthService.Webhooks;

/// <summary>Reports that a name resolves to an address that receivers may not have.</summary>
internal sealed class AddressNotAllowedException : Exception
{
    public AddressNotAllowedException()
        : this("The address is not allowed")
    {
    }

    public AddressNotAllowedException(string message)
        : base(message)
    {
    }

    public AddressNotAllowedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
