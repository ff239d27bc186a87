using AuthService.Configuration;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Reports that a provider did not answer or that its answer is not valid.</summary>
internal sealed class ProviderException : Exception
{
    public ProviderException()
    {
    }

    public ProviderException(string message)
        : base(message)
    {
    }

    public ProviderException(string message, Exception cause)
        : base(message, cause)
    {
    }

    public bool IsUnreachable { get; init; }

    /// <summary>
    /// The error for the operator, on one line. It leaves out the causes between the first and the last, because the libraries put stack traces into them.
    /// </summary>
    public string InWords => OneLine.Of(InnerException is null ? Message : $"{Message}: {GetBaseException().Message}");
}
