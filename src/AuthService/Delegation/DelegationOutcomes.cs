using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.Delegation;

internal abstract record OneTimeTokenOutcome
{
    private OneTimeTokenOutcome()
    {
    }

    internal sealed record Issued(string AccessToken, string Jti) : OneTimeTokenOutcome;

    /// <summary>The bearer's own token does not cover what was asked for.</summary>
    internal sealed record NotCovered : OneTimeTokenOutcome;

    /// <summary>With so many scopes the token would be longer than any that this service accepts.</summary>
    internal sealed record TooLong : OneTimeTokenOutcome;
}

internal abstract record ExtensionOutcome
{
    private ExtensionOutcome()
    {
    }

    internal sealed record Extended(string AccessToken) : ExtensionOutcome;

    internal sealed record ExtendedWithSession(StartedSession Started) : ExtensionOutcome;

    /// <summary>The token to be extended is not valid, or is a one-time token.</summary>
    internal sealed record InvalidToken : ExtensionOutcome;

    /// <summary>A scope is neither in the caller's policy nor in the token, or is one that is never given.</summary>
    internal sealed record NotAllowed : ExtensionOutcome;

    /// <summary>With so many scopes the token would be longer than any that this service accepts.</summary>
    internal sealed record TooLong : ExtensionOutcome;
}

/// <summary>What a service asks for.</summary>
internal sealed record ExtensionRequest(string Token, ScopeSet Scopes, TimeSpan Lifetime, bool AllowRefreshes);
